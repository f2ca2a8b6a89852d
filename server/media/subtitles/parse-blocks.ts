import { type Cue, CueList, escapeText, parseTime } from './cue.ts'

/** SubRip and WebVTT: blocks between empty lines, each with a line of times. */
export function parseBlocks(text: string): Cue[] {
  const cues = new CueList()
  for (const block of blocksOf(text)) {
    if (cues.isFull) break
    const at = block.findIndex((line) => line.includes('-->'))
    if (at < 0) continue
    const [start = '', rest = ''] = (block[at] ?? '').split('-->', 2)
    const startMs = parseTime(start)
    const endMs = parseTime(rest.trim().split(/\s/, 1)[0] ?? '')
    if (startMs !== undefined && endMs !== undefined) cues.add({ startMs, endMs, ...toPlace(block), text: toText(block.slice(at + 1)) })
  }
  return cues.ordered()
}

function* blocksOf(text: string): Generator<string[]> {
  let block: string[] = []
  for (const line of text.split('\n')) {
    if (line.trim() !== '') block.push(line)
    else {
      if (block.length > 0) yield block
      block = []
    }
  }
  if (block.length > 0) yield block
}

/** `{\an8}` came from ASS and stands in many SubRip files: at the top. */
const toPlace = (block: readonly string[]) => (block.some((line) => /\{\\an?[789]\}/.test(line)) ? ({ place: 'top' } as const) : {})

const allowed = /^<(\/?)([ibu])>$/i

/** Everything is escaped but the three tags that are known, closed where they were opened; other tags and overrides go. */
function toText(lines: readonly string[]): string {
  const text = lines.join('\n').replace(/\{\\[^}]{0,200}\}/g, '')
  const open: string[] = []
  const parts = text.split(/(<[^<>]{0,200}>)/).map((part, place) => {
    if (place % 2 === 0) return escapeText(unescapeText(part))
    const [, slash, name = ''] = allowed.exec(part) ?? []
    const tag = name.toLowerCase()
    if (tag === '') return ''
    if (slash === '') {
      open.push(tag)
      return `<${tag}>`
    }
    if (open.at(-1) !== tag) return ''
    open.pop()
    return `</${tag}>`
  })
  return (
    parts.join('') +
    open
      .toReversed()
      .map((tag) => `</${tag}>`)
      .join('')
  )
}

const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' }
const unescapeText = (text: string): string => text.replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: string) => names[name] ?? '')
