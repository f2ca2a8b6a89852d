export type Cue = { fromS: number; toS: number; text: string }

/** The cues of a WebVTT file in the order of their times, as plain text: marks of style are left out, and nothing is ever read as HTML. */
export function parseCues(file: string): Cue[] {
  const blocks = file
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
  return blocks.flatMap(toCue).sort((one, other) => one.fromS - other.fromS)
}

function toCue(block: string): Cue[] {
  const lines = block.split('\n')
  const at = lines.findIndex((line) => line.includes('-->'))
  if (at < 0 || at > 1) return []
  const [from = '', rest = ''] = (lines[at] ?? '').split('-->')
  const [fromS, toS] = [toSeconds(from.trim()), toSeconds(rest.trim().split(/\s/)[0] ?? '')]
  const text = plain(lines.slice(at + 1).join('\n'))
  return fromS === undefined || toS === undefined || toS <= fromS || text === '' ? [] : [{ fromS, toS, text }]
}

function toSeconds(stamp: string): number | undefined {
  const [, h = '0', m = '0', s = '0', ms = '0'] = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{3})$/.exec(stamp) ?? []
  if (!/\d[.,]\d{3}$/.test(stamp)) return undefined
  return Number(h) * 3600 + Number(m) * 60 + Number(s) + Number(ms) / 1000
}

const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' }

function plain(text: string): string {
  return text
    .replace(/<\/?[a-z\d][^<>\n]*>/gi, '')
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (whole, name: string) => signs[name] ?? whole)
    .trim()
}

/** What is said at a moment. `cues` are in order; those that overlap stand above each other. */
export function cuesAt(cues: readonly Cue[], atS: number): Cue[] {
  return cues.filter(({ fromS, toS }) => fromS <= atS && atS < toS)
}
