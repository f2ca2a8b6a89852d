import type { Chinese } from '#server/lib/chinese.ts'

const syllable =
  /^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iong|iang|uang|ueng|ang|eng|ing|ong|iao|ian|uai|uan|van|ai|ei|ao|ou|an|en|in|un|vn|ia|ie|iu|ua|uo|ui|ue|ve|er|a|o|e|i|u|v)$/
const initials = /^[bpmfdtnlgkhjqxrzcsywaoe]$/

/** Of neighbours: the letters with which any of their readings begin. Only where two characters stand side by side. */
export function initialPairs(text: string, { readings }: Chinese): Set<string> {
  const pairs = new Set<string>()
  let before: string[] = []
  for (const character of text) {
    const own = [...new Set(readings(character).map((reading) => reading.charAt(0)))]
    for (const a of before) for (const b of own) pairs.add(a + b)
    before = own
  }
  return pairs
}

/** Every way to read letters as the beginnings or the whole of syllables, as the letters that they begin with. A few: most letters fit one way. */
export function initialsOf(typed: string): string[][] {
  const found: string[][] = []
  const walk = (at: number, before: string[]) => {
    if (found.length >= 64 || before.length > 24) return
    if (at === typed.length) {
      found.push(before)
      return
    }
    const first = typed.charAt(at)
    for (let end = Math.min(typed.length, at + 6); end > at; end--) {
      const piece = typed.slice(at, end)
      const isLast = end === typed.length
      const fits = syllable.test(piece) || initials.test(piece) || /^[zcs]h$/.test(piece) || (isLast && isBegun(piece))
      if (fits) walk(end, [...before, first])
    }
  }
  if (/^[a-z]{2,40}$/.test(typed)) walk(0, [])
  return found
}

const isBegun = (piece: string) => /^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiouv]{0,2}[ng]{0,2}$/.test(piece)

/** Where in the text its characters are read so, each wholly or by its beginning; -1: nowhere. */
export function findReading(text: readonly string[], typed: string, { readings }: Chinese): number {
  for (let start = 0; start < text.length; start++) if (fitsAt(text, start, typed, 0, readings)) return start
  return -1
}

function fitsAt(text: readonly string[], place: number, typed: string, at: number, readings: Chinese['readings']): boolean {
  if (at === typed.length) return true
  const character = text[place]
  if (character === undefined) return false
  const own = readings(character)
  if (own.length === 0) return at > 0 && typed.charAt(at) === character && fitsAt(text, place + 1, typed, at + 1, readings)
  return own.some((reading) => {
    if (typed.startsWith(reading, at) && fitsAt(text, place + 1, typed, at + reading.length, readings)) return true
    const rest = typed.length - at
    if (rest < reading.length && reading.startsWith(typed.slice(at))) return true
    if (/^[zcs]h/.test(reading) && typed.startsWith(reading.slice(0, 2), at) && fitsAt(text, place + 1, typed, at + 2, readings))
      return true
    return typed.charAt(at) === reading.charAt(0) && fitsAt(text, place + 1, typed, at + 1, readings)
  })
}

/** Whether these characters sound like what stands somewhere in the text: a slip of the one who types, not of the ear. */
export function soundsWithin(text: readonly string[], sought: readonly string[], { readings }: Chinese): boolean {
  const sounds = sought.map((character) => new Set(readings(character)))
  return text.some((_, start) =>
    sought.every((character, i) => {
      const there = text[start + i] ?? ''
      return there === character || readings(there).some((reading) => sounds[i]?.has(reading))
    }),
  )
}
