import { type Cue, CueList, escapeText, parseTime } from './cue.ts'

const usual = ['layer', 'start', 'end', 'style', 'name', 'marginl', 'marginr', 'marginv', 'effect', 'text']

/** (Advanced) SubStation: what is said and when; of its pictures and dances only slant, weight, line and height are kept. */
export function parseAss(text: string): Cue[] {
  const cues = new CueList()
  let columns = usual
  let isEvents = false
  for (const line of text.split('\n')) {
    if (cues.isFull) break
    if (line.startsWith('[')) isEvents = line.trim().toLowerCase() === '[events]'
    else if (isEvents && /^format\s*:/i.test(line))
      columns = line
        .slice(line.indexOf(':') + 1)
        .split(',')
        .map((name) => name.trim().toLowerCase())
    else if (isEvents && /^dialogue\s*:/i.test(line)) addLine(cues, columns, line.slice(line.indexOf(':') + 1))
  }
  return cues.ordered()
}

function addLine(cues: CueList, columns: readonly string[], line: string): void {
  const fields = line.split(',')
  // The last column takes what is left, commas and all.
  const field = (name: string) => {
    const at = columns.indexOf(name)
    return at === columns.length - 1 ? fields.slice(at).join(',') : (fields[at] ?? '')
  }
  const startMs = parseTime(field('start'))
  const endMs = parseTime(field('end'))
  const raw = field('text')
  // Drawings are not words.
  if (startMs === undefined || endMs === undefined || /\{[^}]*\\p[1-9]/.test(raw)) return
  const place = /\\an?[789]/.test(raw) ? ({ place: 'top' } as const) : /\\an[456]/.test(raw) ? ({ place: 'middle' } as const) : {}
  cues.add({ startMs, endMs, ...place, text: toText(raw) })
}

function toText(raw: string): string {
  const open: string[] = []
  const close = (tag: string) => {
    const at = open.lastIndexOf(tag)
    if (at < 0) return ''
    const shut = open.slice(at + 1).toReversed()
    const again = open.slice(at + 1)
    open.splice(at, 1)
    return `${shut.map((one) => `</${one}>`).join('')}</${tag}>${again.map((one) => `<${one}>`).join('')}`
  }
  const turn = (override: string): string =>
    [...override.matchAll(/\\([ibu])(\d+)|\\r/g)]
      .map(([, tag, value]) => {
        if (tag === undefined)
          return open
            .splice(0)
            .toReversed()
            .map((one) => `</${one}>`)
            .join('')
        if (value === '0') return close(tag)
        if (open.includes(tag)) return ''
        open.push(tag)
        return `<${tag}>`
      })
      .join('')
  const parts = raw.split(/(\{[^}]{0,500}\})/).map((part, place) => (place % 2 === 1 ? turn(part) : escapeText(plain(part))))
  return (
    parts.join('') +
    open
      .toReversed()
      .map((tag) => `</${tag}>`)
      .join('')
  )
}

const plain = (text: string): string =>
  text
    .replace(/\\[Nn]/g, '\n')
    .replaceAll('\\h', '\u00a0')
    .replace(/\n{2,}/g, '\n')
