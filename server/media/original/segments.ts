import type { Track } from './track.ts'

/** Samples of a track that are answered together, in the order of decoding. Half-open. */
export type Segment = { start: number; end: number; fromTicks: number; toTicks: number; bytes: number }

const target = { pictureS: 4, soundS: 8 }
const caps = { segmentS: 30, segmentBytes: 96 * 2 ** 20 }

/** Where a film may be cut without encoding: at pictures that need no other, and before which nothing is shown later. Undefined: nowhere fit. */
export function pictureSegments(track: Track, originS: number): Segment[] | undefined {
  const origin = Math.round(originS * track.timescale)
  const cuts: number[] = []
  let latest = Number.NEGATIVE_INFINITY
  // The earliest moment that any sample from here on shows.
  const earliest = new Float64Array(track.count + 1).fill(Number.POSITIVE_INFINITY)
  for (let i = track.count - 1; i >= 0; i--) earliest[i] = Math.min(earliest[i + 1] ?? 0, track.shown[i] ?? 0)
  for (let i = 0; i < track.count; i++) {
    const shown = track.shown[i] ?? 0
    if (track.isKey[i] === 1 && latest < shown && (earliest[i] ?? 0) >= shown) cuts.push(i)
    latest = Math.max(latest, shown)
  }
  const first = track.shown[0] ?? 0
  // Pictures before the beginning would have to be decoded and not shown.
  if (cuts[0] !== 0 || Math.abs(first - origin) > 0.1 * track.timescale) return undefined
  return gathered(track, cuts, { origin: first, endTicks: latest + track.lastLength, targetS: target.pictureS })
}

/** Undefined: it does not last from the film's beginning to its end, so that a player would wait for it. */
export function soundSegments(track: Track, { originS, endS }: { originS: number; endS: number | undefined }): Segment[] | undefined {
  const origin = Math.round(originS * track.timescale)
  let first = 0
  // What encoders put before the beginning.
  while (first < track.count && (track.shown[first] ?? 0) < origin) first++
  const from = track.shown[first]
  const last = (track.shown[track.count - 1] ?? 0) + track.lastLength
  if (from === undefined || from - origin > 0.1 * track.timescale) return undefined
  if (endS !== undefined && (last - origin) / track.timescale < endS - 1) return undefined
  const cuts: number[] = []
  for (let i = first; i < track.count; i++) {
    const next = i + 1 < track.count ? (track.shown[i + 1] ?? 0) : last
    const length = next - (track.shown[i] ?? 0)
    // A hole, or time that runs backwards.
    if (length <= 0 || length > 0.25 * track.timescale) return undefined
    cuts.push(i)
  }
  return gathered(track, cuts, { origin, endTicks: last, targetS: target.soundS })
}

type Frame = { origin: number; endTicks: number; targetS: number }

/** As many groups of pictures as come nearest to the wanted length. */
function gathered(track: Track, cuts: readonly number[], { origin, endTicks, targetS }: Frame): Segment[] | undefined {
  const segments: Segment[] = []
  const wanted = (targetS - 0.05) * track.timescale
  const shownAt = (place: number) => {
    const cut = cuts[place]
    return cut === undefined ? endTicks : (track.shown[cut] ?? 0)
  }
  for (let place = 0; place < cuts.length; ) {
    let next = place + 1
    while (next < cuts.length && shownAt(next) - shownAt(place) < wanted) next++
    const [start, end] = [cuts[place] ?? 0, cuts[next] ?? track.count]
    let bytes = 0
    for (let i = start; i < end; i++) bytes += track.sizes[i] ?? 0
    const [fromTicks, toTicks] = [shownAt(place) - origin, shownAt(next) - origin]
    if (toTicks - fromTicks > caps.segmentS * track.timescale || bytes > caps.segmentBytes || toTicks <= fromTicks) return undefined
    segments.push({ start, end, fromTicks, toTicks, bytes })
    place = next
  }
  return segments
}
