import type { ReadAt } from '../source/read-at.ts'
import { initOf } from './fragment.ts'
import type { Frame } from './matroska-blocks.ts'
import { type Film, framesOf, type Read, type Span } from './matroska-part.ts'
import { cutAt, pictureOf } from './matroska-picture.ts'
import { soundOf } from './matroska-sound.ts'
import { type MatroskaIndex, type MatroskaTrack, readMatroskaIndex } from './matroska-tracks.ts'
import type { Original } from './original.ts'

const targetS = 4
const caps = { spanS: 30, spanBytes: 96 * 2 ** 20 }
/** How far to look for the pictures after a large one. */
const looksBytes = [2 ** 16, 2 ** 18, 2 ** 20, 2 ** 23]
/** Encoders of sound begin some hundredths before the picture; then the picture's first moment is the film's. */
const primingS = 0.15

/**
 * The same for Matroska and WebM. Their index says where the film may be entered and nothing of its frames: those are looked up in the
 * clusters of a segment when it is asked for.
 */
export async function readMatroska(readAt: ReadAt, size: number): Promise<Original | undefined> {
  const index = await readMatroskaIndex(readAt, size)
  const video = index?.tracks.find(({ kind }) => kind === 'video')
  const spans = index && spansOf(index)
  if (!index || !video || video.isBent || !spans) return undefined
  const [first, last] = await Promise.all([beginningOf(readAt, spans[0], video.number), framesOf(readAt, endingOf(index))])
  const ending = last && cutAt(last, endingOf(index), video.number)
  if (!first || !last || !ending || ending.hasEarlier || !(await isClosed(readAt, index, video))) return undefined
  const pictures = first.frames.filter(({ track }) => track === video.number)
  const starts = index.tracks.flatMap(({ number, kind }) =>
    kind === 'other' ? [] : (first.frames.find(({ track }) => track === number)?.time ?? []),
  )
  const originTicks = spans[0]?.from.time ?? 0
  if (originTicks - Math.min(...starts) >= primingS * index.timescale) return undefined
  const endTicks = Math.max(...ending.frames.map(({ time }) => time)) + lengthOf(video, index, ending.frames)
  if (endTicks - (spans.at(-1)?.from.time ?? 0) > caps.spanS * index.timescale) return undefined
  const film: Film = { readAt, index, spans, originTicks, endTicks }
  const picture = pictureOf(film, video, { bytes: first.bytes, frames: pictures })
  if (!picture) return undefined
  const all = index.tracks.filter(({ kind }) => kind === 'sound')
  const sounds = all.flatMap((sound, place) => soundOf(film, sound, { place, first, last }) ?? [])
  const parts = new Map([picture, ...sounds].map((part) => [part.row.name, part]))
  return {
    durationS: (endTicks - originTicks) / index.timescale,
    picture: picture.row,
    sounds: sounds.map(({ row }) => row),
    hasOtherSounds: sounds.length < all.length,
    init(name) {
      const part = parts.get(name)
      return part && initOf(part.track)
    },
    segment: async (name, number) => await parts.get(name)?.segment(number),
  }
}

/** As many stretches between cues as come nearest to the wanted length. Undefined: too far from each other. */
function spansOf({ cues, timescale, end }: MatroskaIndex): Span[] | undefined {
  const spans: Span[] = []
  for (let place = 0; place < cues.length; ) {
    const from = cues[place]
    if (!from) break
    let next = place + 1
    while (next < cues.length && ((cues[next]?.time ?? 0) - from.time) / timescale < targetS - 0.05) next++
    const to = cues[next]
    const beyond = to && cues.slice(next, next + 200).find(({ cluster }) => cluster > to.cluster)?.cluster
    // Its block's head is enough: there this stretch ends.
    const until = !to ? end : to.offset === undefined ? (beyond ?? end) : Math.min(end, to.cluster + to.offset + 64)
    if (until - from.cluster > caps.spanBytes || (to && to.time - from.time > caps.spanS * timescale)) return undefined
    spans.push({ from, to, start: from.cluster, end: until })
    place = next
  }
  return spans.length > 0 ? spans : undefined
}

/** Enough of the first stretch to see how each stream begins. Undefined: with a picture that another one needs, or nothing at all. */
async function beginningOf(readAt: ReadAt, span: Span | undefined, number: number): Promise<Read | undefined> {
  for (const most of span ? [2 ** 20, caps.spanBytes] : []) {
    const read = await framesOf(readAt, { start: span?.start ?? 0, end: Math.min(span?.end ?? 0, (span?.start ?? 0) + most) })
    const frames = read?.frames.filter(({ isWhole }) => isWhole) ?? []
    const [first, ...others] = frames.filter(({ track }) => track === number)
    if (!read || !first || others.length === 0) continue
    const isEntry = first.isKey && first.time === span?.from.time && others.every(({ time }) => time > first.time)
    return isEntry ? { bytes: read.bytes, frames } : undefined
  }
  return undefined
}

/** From the last place where the film may be entered. */
function endingOf({ cues, end }: MatroskaIndex): Span | undefined {
  const from = cues.at(-1)
  return from && { from, to: undefined, start: from.cluster, end }
}

/** Looks at some of the places where the film may be entered: no picture after such a one may be shown before it. */
async function isClosed(readAt: ReadAt, { cues, end }: MatroskaIndex, video: MatroskaTrack): Promise<boolean> {
  const places = [...new Set([1 / 3, 2 / 3].map((share) => Math.floor(share * cues.length)))]
  const looks = places.map(async (place) => {
    const cue = cues[place]
    if (!cue) return true
    for (const more of looksBytes) {
      const until = Math.min(end, cue.cluster + (cue.offset ?? 0) + more)
      const read = await framesOf(readAt, { start: cue.cluster, end: until })
      const own = read?.frames.filter(({ track }) => track === video.number) ?? []
      const at = own.findIndex(({ isKey, time }) => isKey && time === cue.time)
      const [entry, ...next] = at === -1 ? [] : own.slice(at, at + 4)
      if (next.length < 3 && until < end) continue
      return (
        entry !== undefined && isFresh(read?.bytes.subarray(entry.start, entry.end), video) && next.every(({ time }) => time > cue.time)
      )
    }
    return false
  })
  return (await Promise.all(looks)).every((isFine) => isFine)
}

/** Whether a picture lets its decoder forget all before it; others that can be entered may still be followed by some that need what was before. */
function isFresh(frame: Uint8Array | undefined, { codec, config }: MatroskaTrack): boolean {
  const isAvc = codec === 'V_MPEG4/ISO/AVC'
  if (!frame || (!isAvc && codec !== 'V_MPEGH/ISO/HEVC')) return true
  const sizeLength = ((config[isAvc ? 4 : 21] ?? 3) & 3) + 1
  for (let at = 0; at + sizeLength < frame.length; ) {
    let size = 0
    for (const byte of frame.subarray(at, at + sizeLength)) size = size * 256 + byte
    const head = frame[at + sizeLength] ?? 0
    // Slices of a picture: ISO/IEC 14496-10, table 7-1, and 23008-2, table 7-1.
    const kind = isAvc ? head & 31 : (head >> 1) & 63
    if (isAvc ? kind >= 1 && kind <= 5 : kind < 32) return isAvc ? kind === 5 : kind >= 16 && kind <= 20
    at += sizeLength + size
  }
  return false
}

/** How long the last frame lasts: as its stream says, or as the one before it. */
function lengthOf({ frameNs }: MatroskaTrack, { timescale }: MatroskaIndex, frames: readonly Frame[]): number {
  if (frameNs > 0) return Math.max(1, Math.round((frameNs / 1e9) * timescale))
  const [before = 0, last = 0] = frames
    .map(({ time }) => time)
    .sort((a, b) => a - b)
    .slice(-2)
  return Math.max(1, last - before)
}
