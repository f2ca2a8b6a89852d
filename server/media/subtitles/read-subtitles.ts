import { type Cue, subtitleCaps } from './cue.ts'
import { type Charset, decodeText } from './decode-text.ts'
import { parseAss } from './parse-ass.ts'
import { parseBlocks } from './parse-blocks.ts'

export type SubtitleRefusal = 'subtitles_too_large' | 'subtitles_too_many' | 'subtitles_unreadable'
export type Subtitles =
  | { state: 'read'; format: 'srt' | 'ass' | 'vtt'; charset: Charset; cues: Cue[] }
  | { state: 'refused'; why: SubtitleRefusal; code: ReturnType<typeof subtitleCode> }

const subtitleCode = (why: SubtitleRefusal) => `media.${why}` as const

/** [T11] A file beside a film: parsed here within caps, never shown to FFmpeg. What it is, its content says, not its name. */
export function readSubtitles(bytes: Uint8Array): Subtitles {
  if (bytes.length > subtitleCaps.bytes) return refused('subtitles_too_large')
  const { text, charset } = decodeText(bytes)
  const format = /^\[(script info|events)\]/im.test(text.slice(0, 65_536)) ? 'ass' : /^WEBVTT(\s|$)/.test(text) ? 'vtt' : 'srt'
  const cues = format === 'ass' ? parseAss(text) : parseBlocks(text)
  if (cues.length > subtitleCaps.cues) return refused('subtitles_too_many')
  if (cues.length === 0) return refused('subtitles_unreadable')
  return { state: 'read', format, charset, cues }
}

const refused = (why: SubtitleRefusal): Subtitles => ({ state: 'refused', why, code: subtitleCode(why) })

const lines = { top: ' line:5%', middle: ' line:50%' }

/** Written anew from what was understood: nothing of the file's own markup gets through. */
export function toWebVtt(cues: readonly Cue[]): string {
  const blocks = cues.map(({ startMs, endMs, place, text }) => {
    const body = text.replace(/\n\s*\n/g, '\n')
    return `${timeText(startMs)} --> ${timeText(endMs)}${place ? lines[place] : ''}\n${body}\n`
  })
  return ['WEBVTT\n', ...blocks].join('\n')
}

/** As WebVTT writes a time. */
export function timeText(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`
}
