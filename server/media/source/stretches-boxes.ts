import type { ByteRange } from '#server/lib/byte-ranges.ts'
import { boxesIn, findBox, type Box } from '../cell/boxes.ts'
import { viewOf } from '../original/boxes.ts'
import { findMoov } from '../original/find-index.ts'
import { readTable, shiftOf, type Table } from '../original/track.ts'
import type { ReadAt } from './read-at.ts'
import { gathered, openingBytes, type Stretches } from './stretches.ts'

/** Before and after, seconds: what is decoded earlier than it is shown, and read ahead. */
const margin = { beforeS: 1, afterS: 2, samples: 48 }
/** Chapters, time codes and covers are read whole when a file is opened. */
const small = { samples: 200, bytes: 8 * 2 ** 20 }
const maxTracks = 64

type Timed = Table & { isPicture: boolean; timescale: number }

/** Of an MP4 or QuickTime file whose index is whole: the places of its samples. */
export async function stretchesOfBoxes(readAt: ReadAt, size: number): Promise<Stretches | undefined> {
  const moov = await findMoov(readAt, size)
  const tracks = moov && tracksIn(moov)
  if (!tracks) return undefined
  const heads = await placesOfHeads(readAt, size)
  const startS = Math.min(...tracks.map(({ shown, timescale }) => Math.min(...shown.subarray(0, 64)) / timescale))
  return {
    opening: gathered([...heads, ...firstSamples(tracks, startS)], size),
    between(fromS, toS) {
      const lead = tracks.find(({ isPicture }) => isPicture)
      const wantedS = startS + fromS - margin.beforeS
      const key = lead && keyBefore(lead, wantedS)
      const entryS = lead && key !== undefined ? Math.min(wantedS, (lead.shown[key] ?? 0) / lead.timescale) : wantedS
      const spans = tracks.flatMap((track) => spansOf(track, { fromS: entryS, toS: startS + toS + margin.afterS }))
      return gathered(spans, size)
    },
  }
}

/** Undefined: fragmented, or a stream whose places or times can not be read. */
function tracksIn(moov: Uint8Array): Timed[] | undefined {
  const view = viewOf(moov)
  const boxes = [...boxesIn(moov)]
  const mvhd = boxes.find(({ kind }) => kind === 'mvhd')
  const traks = boxes.filter(({ kind }) => kind === 'trak')
  if (!mvhd || traks.length === 0 || traks.length > maxTracks || boxes.some(({ kind }) => kind === 'mvex')) return undefined
  const movieScale = view.getUint32(mvhd.content + (view.getUint8(mvhd.content) === 1 ? 20 : 12))
  const tracks = traks.map((trak) => trackIn({ moov, view, movieScale, trak }))
  const read = tracks.filter((track) => track !== undefined)
  return read.length === tracks.length ? read : undefined
}

function trackIn({ moov, view, movieScale, trak }: { moov: Uint8Array; view: DataView; movieScale: number; trak: Box }): Timed | undefined {
  const find = (...path: string[]) => findBox(moov, path, trak.content, trak.end)
  const [mdhd, hdlr, stbl] = [find('mdia', 'mdhd'), find('mdia', 'hdlr'), find('mdia', 'minf', 'stbl')]
  const table = stbl && readTable(moov, view, stbl)
  if (!mdhd || !hdlr || !table) return undefined
  const timescale = view.getUint32(mdhd.content + (view.getUint8(mdhd.content) === 1 ? 20 : 12))
  const shift = timescale > 0 ? shiftOf({ view, movieScale }, find('edts', 'elst'), timescale) : undefined
  if (shift === undefined) return undefined
  for (let i = 0; i < table.count; i++) table.shown[i] = (table.shown[i] ?? 0) + shift
  const kind = String.fromCharCode(...moov.subarray(hdlr.content + 8, hdlr.content + 12))
  return { ...table, timescale, isPicture: kind === 'vide' }
}

/** All outermost boxes but what lies in `mdat`: of that its head. */
async function placesOfHeads(readAt: ReadAt, size: number): Promise<ByteRange[]> {
  const places: ByteRange[] = []
  for (let at = 0; at + 8 <= size; ) {
    const head = await readAt(at, 16)
    const view = viewOf(head)
    const short = view.getUint32(0)
    const length = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? size - at : short
    if (length < 8) break
    const isData = String.fromCharCode(...head.subarray(4, 8)) === 'mdat'
    places.push({ start: at, end: isData ? at + 16 : at + length })
    at += length
  }
  return places
}

/** Of all streams what is shown within the first moments: so many bytes of them together. What is small is read whole. */
function firstSamples(tracks: readonly Timed[], startS: number): ByteRange[] {
  const endS = Math.max(...tracks.map(({ shown, count, timescale }) => (shown[count - 1] ?? 0) / timescale))
  let untilS = startS + 1
  while (untilS < endS && tracks.reduce((sum, track) => sum + bytesUntil(track, untilS), 0) < openingBytes) untilS += 1
  return tracks.flatMap((track) => {
    const isSmall = track.count <= small.samples && track.sizes.reduce((sum, one) => sum + one, 0) <= small.bytes
    return samplesBetween(track, 0, isSmall ? track.count : countUntil(track, untilS))
  })
}

function countUntil({ shown, timescale, count }: Timed, untilS: number): number {
  const first = shown.findIndex((at) => at > untilS * timescale)
  return first === -1 ? count : first
}

function bytesUntil(track: Timed, untilS: number): number {
  return track.sizes.subarray(0, countUntil(track, untilS)).reduce((sum, one) => sum + one, 0)
}

/** The last sample that needs no other and is shown by then; undefined: none is. */
function keyBefore(track: Timed, wantedS: number): number | undefined {
  for (let i = track.count - 1; i >= 0; i--) if (track.isKey[i] === 1 && (track.shown[i] ?? 0) <= wantedS * track.timescale) return i
  return undefined
}

function spansOf(track: Timed, { fromS, toS }: { fromS: number; toS: number }): ByteRange[] {
  let [first, last] = [-1, -1]
  for (let i = 0; i < track.count; i++) {
    const shownS = (track.shown[i] ?? 0) / track.timescale
    if (shownS < fromS || shownS > toS) continue
    if (first === -1) first = i
    last = i
  }
  // Nothing is shown then: what holds from before, and what comes next.
  const before = keyBefore(track, fromS) ?? 0
  const start = Math.min(before, first === -1 ? before : first)
  return samplesBetween(track, start, Math.min(track.count, Math.max(last, before) + 1 + margin.samples))
}

function samplesBetween({ offsets, sizes }: Timed, start: number, end: number): ByteRange[] {
  const spans: ByteRange[] = []
  for (let i = start; i < end; i++) {
    const from = offsets[i] ?? 0
    const last = spans.at(-1)
    const to = from + (sizes[i] ?? 0)
    if (last && last.end === from) last.end = to
    else spans.push({ start: from, end: to })
  }
  return spans
}
