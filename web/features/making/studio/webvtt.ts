/** What is said from one moment to another, with its marks (`<i>`) as they stand in the file. */
export type TextCue = { key: number; fromMs: number; toMs: number; text: string }

const times = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{3})$/

/** The cues of a WebVTT file. Settings of place go with them no longer: players of this house place lines themselves. */
export function readCues(file: string): TextCue[] {
  const blocks = file
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
  return blocks.flatMap(toCue).map((cue, key) => ({ key, ...cue }))
}

function toCue(block: string): Omit<TextCue, 'key'>[] {
  const lines = block.split('\n')
  const at = lines.findIndex((line) => line.includes('-->'))
  if (at < 0 || at > 1) return []
  const [from = '', rest = ''] = (lines[at] ?? '').split('-->')
  const [fromMs, toMs] = [toMoment(from.trim()), toMoment(rest.trim().split(/\s/)[0] ?? '')]
  const text = lines.slice(at + 1).join('\n')
  return fromMs === undefined || toMs === undefined ? [] : [{ fromMs, toMs, text }]
}

function toMoment(stamp: string): number | undefined {
  const found = times.exec(stamp)
  if (!found) return undefined
  const [, h = '0', m = '0', s = '0', ms = '0'] = found
  return (Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1000 + Number(ms)
}

/** In the order of their times; what says nothing, or ends before it begins, is left out. */
export function writeCues(cues: readonly TextCue[]): string {
  const said = cues.filter(({ fromMs, toMs, text }) => text.trim() !== '' && toMs > fromMs).toSorted((a, b) => a.fromMs - b.fromMs)
  const blocks = said.map(({ fromMs, toMs, text }) => `${stamp(fromMs)} --> ${stamp(toMs)}\n${text.trim().replace(/\n{2,}/g, '\n')}`)
  return `${['WEBVTT', ...blocks].join('\n\n')}\n`
}

function stamp(ms: number): string {
  const pad = (value: number, digits: number) => String(value).padStart(digits, '0')
  return `${pad(Math.floor(ms / 3_600_000), 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}.${pad(ms % 1000, 3)}`
}

/** Earlier below zero. What would begin before the film begins with it; what would end before it is gone. */
export function shiftCues(cues: readonly TextCue[], byMs: number): TextCue[] {
  const moved = cues.map((cue) => ({ ...cue, fromMs: Math.max(0, cue.fromMs + byMs), toMs: cue.toMs + byMs }))
  return moved.filter(({ toMs }) => toMs > 0)
}
