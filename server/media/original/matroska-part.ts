import type { ReadAt } from '../source/read-at.ts'
import { numbers32 } from './boxes.ts'
import { codecName } from './codec-name.ts'
import { fragmentOf } from './fragment.ts'
import { type Frame, framesIn } from './matroska-blocks.ts'
import { entryOf } from './matroska-entry.ts'
import type { Cue, MatroskaIndex, MatroskaTrack } from './matroska-tracks.ts'
import type { OriginalRow } from './original.ts'
import type { Track } from './track.ts'

/** Clusters from one picture that may be entered to the next; the last has no `to`. Bytes half-open. */
export type Span = { from: Cue; to: Cue | undefined; start: number; end: number }
/** Ticks are those of the file. `start`: where its first cluster lies. */
export type Film = { readAt: ReadAt; index: MatroskaIndex; spans: Span[]; originTicks: number; endTicks: number }
export type Part = { row: OriginalRow; track: Track; segment(number: number): Promise<Uint8Array | undefined> }

export type Read = { bytes: Uint8Array; frames: Frame[] }

/** What lies in a stretch of the file. */
export async function framesOf(readAt: ReadAt, span: { start: number; end: number } | undefined): Promise<Read | undefined> {
  if (!span) return undefined
  const bytes = await readAt(span.start, span.end - span.start)
  return { bytes, frames: [...framesIn(bytes)] }
}

const identity = numbers32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

/** A stream without its frames. Undefined: no browser plays it, or not as it lies there. */
export function trackOf(track: MatroskaTrack, { timescale, firstFrame }: { timescale: number; firstFrame: Uint8Array }): Track | undefined {
  const entry = track.isBent ? undefined : entryOf(track, firstFrame)
  if (!entry || track.kind === 'other') return undefined
  const { index, kind, language, shownWidth: width, shownHeight: height } = track
  const none = { count: 0, offsets: new Float64Array(), sizes: new Uint32Array(), shown: new Float64Array(), isKey: new Uint8Array() }
  return { index, kind, timescale, language, entry, matrix: identity, width, height, lastLength: 0, ...none }
}

export type Sample = { start: number; end: number; shown: number; isKey: boolean }

/** The frames as an MP4 file would list them. */
function tableOf(track: Track, samples: readonly Sample[]): Track {
  return {
    ...track,
    count: samples.length,
    offsets: Float64Array.from(samples, ({ start }) => start),
    sizes: Uint32Array.from(samples, ({ start, end }) => end - start),
    shown: Float64Array.from(samples, ({ shown }) => shown),
    isKey: Uint8Array.from(samples, ({ isKey }) => (isKey ? 1 : 0)),
  }
}

/** What is told of a row. */
export function rowOf(track: Track, name: string, told: Pick<OriginalRow, 'rate' | 'bandwidth' | 'averageBandwidth' | 'lengths'>) {
  const codec = codecName(track.entry)
  const { index: stream, language, width, height } = track
  return codec && { ...codec, name, stream, language, width, height, ...told }
}

/** A segment out of these samples. */
export function write(
  track: Track,
  samples: readonly Sample[],
  order: { number: number; fromTicks: number; toTicks: number; bytes: Uint8Array },
) {
  const { number, fromTicks, toTicks, bytes } = order
  const size = samples.reduce((sum, { start, end }) => sum + end - start, 0)
  const segment = { start: 0, end: samples.length, fromTicks, toTicks, bytes: size }
  const readAt = async (start: number, length: number) => bytes.subarray(start, start + length)
  return fragmentOf(tableOf(track, samples), segment, { number, readAt })
}
