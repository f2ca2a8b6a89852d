import type { ReadAt } from '../source/read-at.ts'
import { box, fullBox, number64, numbers32, viewOf, zeros } from './boxes.ts'
import type { Segment } from './segments.ts'
import type { Track } from './track.ts'

/** The section that begins a row: the stream as its file describes it, without the file's own words. */
export function initOf(track: Track): Uint8Array {
  const isVideo = track.kind === 'video'
  const name = new TextEncoder().encode(isVideo ? 'vide' : 'soun')
  const tables = ['stts', 'stsc', 'stco'].map((kind) => fullBox(kind, 0, 0, numbers32(0)))
  const stbl = box('stbl', fullBox('stsd', 0, 0, numbers32(1), track.entry), ...tables, fullBox('stsz', 0, 0, numbers32(0, 0)))
  const head = isVideo ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4))
  const dinf = box('dinf', fullBox('dref', 0, 0, numbers32(1), fullBox('url ', 0, 1)))
  const mdia = box(
    'mdia',
    // 0x55c4: nobody says in which language.
    fullBox('mdhd', 0, 0, numbers32(0, 0, track.timescale, 0, 0x55c40000)),
    fullBox('hdlr', 0, 0, zeros(4), name, zeros(13)),
    box('minf', head, dinf, stbl),
  )
  const sides = [track.width, track.height].map((side) => Math.round(side * 65_536))
  const volume = isVideo ? 0 : 0x0100_0000
  const trak = box('trak', fullBox('tkhd', 0, 3, numbers32(0, 0, 1, 0, 0, 0, 0, 0, volume), track.matrix, numbers32(...sides)), mdia)
  const identity = numbers32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
  const mvhd = fullBox('mvhd', 0, 0, numbers32(0, 0, 1000, 0, 0x10000, 0x01000000, 0, 0), identity, zeros(24), numbers32(2))
  const brands = new TextEncoder().encode('iso6\0\0\0\0iso6cmfcmp41')
  return concat([box('ftyp', brands), box('moov', mvhd, trak, box('mvex', fullBox('trex', 0, 0, numbers32(1, 1, 0, 0, 0))))])
}

const flags = { key: 0x0200_0000, other: 0x0101_0000 }

/**
 * A part of the row, whole. Decoding times are the moments of showing in their order, so that neighbours join without a gap: what is shown
 * elsewhere than it is decoded says so itself.
 */
export async function fragmentOf(track: Track, segment: Segment, order: { number: number; readAt: ReadAt }): Promise<Uint8Array> {
  const { start, end, fromTicks, toTicks } = segment
  const count = end - start
  const sorted = track.shown.slice(start, end).sort()
  const first = sorted[0] ?? 0
  const until = first + toTicks - fromTicks
  const samples = new Uint8Array(count * 16)
  const view = viewOf(samples)
  for (let i = 0; i < count; i++) {
    const decoded = sorted[i] ?? 0
    view.setUint32(i * 16, Math.max(0, (sorted[i + 1] ?? until) - decoded))
    view.setUint32(i * 16 + 4, track.sizes[start + i] ?? 0)
    view.setUint32(i * 16 + 8, track.isKey[start + i] === 1 ? flags.key : flags.other)
    view.setInt32(i * 16 + 12, (track.shown[start + i] ?? 0) - decoded)
  }
  const moof = (dataAt: number) => {
    const trun = fullBox('trun', 1, 0xf01, numbers32(count, dataAt), samples)
    const traf = box('traf', fullBox('tfhd', 0, 0x20000, numbers32(1)), fullBox('tfdt', 1, 0, number64(Math.max(0, fromTicks))), trun)
    return box('moof', fullBox('mfhd', 0, 0, numbers32(order.number + 1)), traf)
  }
  const head = moof(moof(0).length + 8)
  const mdat = new Uint8Array(8)
  const data = await samplesOf(track, segment, order.readAt)
  viewOf(mdat).setUint32(0, segment.bytes + 8)
  mdat.set(new TextEncoder().encode('mdat'), 4)
  return concat([head, mdat, ...data])
}

type Stretch = { start: number; end: number }

/** The bytes of the samples in their order. Neighbours in the file are read together, over small gaps as well. */
async function samplesOf(track: Track, { start, end, bytes }: Segment, readAt: ReadAt): Promise<Uint8Array[]> {
  const spans = Array.from({ length: end - start }, (_, i) => {
    const from = track.offsets[start + i] ?? 0
    return { start: from, end: from + (track.sizes[start + i] ?? 0) }
  })
  const low = Math.min(...spans.map((span) => span.start))
  const high = Math.max(...spans.map((span) => span.end))
  // Sound lies between the pictures: one large read is cheaper than many small ones.
  if (high - low > bytes * 2 + 2 ** 20) return await Promise.all(joined(spans).map((span) => readWhole(readAt, span)))
  const whole = await readWhole(readAt, { start: low, end: high })
  return joined(spans).map((span) => whole.subarray(span.start - low, span.end - low))
}

function joined(spans: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = []
  for (const span of spans) {
    const last = out.at(-1)
    if (last?.end === span.start) last.end = span.end
    else out.push({ ...span })
  }
  return out
}

async function readWhole(readAt: ReadAt, { start, end }: Stretch): Promise<Uint8Array> {
  const bytes = await readAt(start, end - start)
  if (bytes.length !== end - start) throw new Error(`the file ends before ${end}`)
  return bytes
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}
