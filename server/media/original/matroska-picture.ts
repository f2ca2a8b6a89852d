import type { Frame } from './matroska-blocks.ts'
import { type Film, framesOf, type Part, type Read, rowOf, type Span, trackOf, write } from './matroska-part.ts'
import type { Cue, MatroskaTrack } from './matroska-tracks.ts'

/** The pictures between two cues. Undefined: a cue leads nowhere. */
export function cutAt({ frames }: Read, span: Span | undefined, number: number): { frames: Frame[]; hasEarlier: boolean } | undefined {
  if (!span) return undefined
  const own = frames.filter(({ track }) => track === number)
  const isAt = (frame: Frame, cue: Cue) => (frame.isKey || !frame.isWhole) && frame.time === cue.time
  const start = own.findIndex((frame) => isAt(frame, span.from))
  const { to } = span
  const end = to ? own.findIndex((frame) => isAt(frame, to)) : own.length
  if (start === -1 || end <= start) return undefined
  const cut = own.slice(start, end)
  // One that is cut off can only be the next cue's.
  if (cut.some(({ isWhole }) => !isWhole)) return undefined
  const kept = cut.filter(({ time }) => time >= span.from.time)
  return { frames: kept, hasEarlier: kept.length < cut.length }
}

/** The row of pictures. `first` is what was seen of them at the beginning. */
export function pictureOf(film: Film, video: MatroskaTrack, first: Read): Part | undefined {
  const { index, spans, originTicks, endTicks, readAt } = film
  const [frame] = first.frames
  const track = frame && trackOf(video, { timescale: index.timescale, firstFrame: first.bytes.subarray(frame.start, frame.end) })
  if (!track) return undefined
  const lengths = spans.map(({ from, to }) => ((to?.time ?? endTicks) - from.time) / index.timescale)
  const bits = spans.map(({ start, end }) => (end - start) * 8)
  const row = rowOf(track, 'o0', {
    rate: ratePer(first.frames, index.timescale),
    bandwidth: Math.ceil(Math.max(...bits.map((count, place) => count / Math.max(0.1, lengths[place] ?? 1)))),
    averageBandwidth: Math.ceil(bits.reduce((sum, count) => sum + count, 0) / lengths.reduce((sum, length) => sum + length, 0)),
    lengths,
  })
  return (
    row && {
      row,
      track,
      async segment(number) {
        const span = spans[number]
        const read = await framesOf(readAt, span)
        const cut = read && cutAt(read, span, video.number)
        if (!span || !read) return undefined
        if (!cut) throw new Error(`the film can not be entered at ${span.from.time}`)
        const samples = cut.frames.map((one) => ({ ...one, shown: one.time }))
        const [fromTicks, toTicks] = [span.from.time - originTicks, (span.to?.time ?? endTicks) - originTicks]
        return await write(track, samples, { number, fromTicks, toTicks, bytes: read.bytes })
      },
    }
  )
}

/** Frames a second, of as many as were seen. */
function ratePer(frames: readonly Frame[], timescale: number): number {
  const times = frames.map(({ time }) => time)
  return ((frames.length - 1) / Math.max(1, Math.max(...times) - Math.min(...times))) * timescale
}
