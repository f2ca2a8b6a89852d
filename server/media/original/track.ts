import type { Box } from '../cell/boxes.ts'
import { boxesIn, findBox } from '../cell/boxes.ts'
import { viewOf } from './boxes.ts'
import { plainEntry } from './sample-entry.ts'

/** One stream of an MP4 or QuickTime file, with a row for each of its samples, in the order of decoding. */
export type Track = {
  /** Its place among the file's streams. */
  index: number
  kind: 'video' | 'sound'
  timescale: number
  language: string
  /** As the file describes how it is coded: its sample entry, with what players need. */
  entry: Uint8Array
  /** How the picture is turned, as written in the file. */
  matrix: Uint8Array
  width: number
  height: number
  count: number
  offsets: Float64Array
  sizes: Uint32Array
  /** When each is shown, in ticks from the beginning of what the edit list lets through. */
  shown: Float64Array
  /** How long the last of them lasts. */
  lastLength: number
  isKey: Uint8Array
}

const caps = { tracks: 32 }
export const maxSamples = 6_000_000

/** [T1] Bounded, and in plain bytes: nothing that a file says is believed beyond the bytes that are there. `sounds` counts those that can not be read too. Undefined: not to be packaged. */
export function readTracks(moov: Uint8Array, fragments?: ReadonlyMap<number, Table>): { tracks: Track[]; sounds: number } | undefined {
  const boxes = [...boxesIn(moov)]
  const mvhd = boxes.find(({ kind }) => kind === 'mvhd')
  const traks = boxes.filter(({ kind }) => kind === 'trak')
  if (!mvhd || traks.length === 0 || traks.length > caps.tracks) return undefined
  const view = viewOf(moov)
  const movieScale = view.getUint32(mvhd.content + (view.getUint8(mvhd.content) === 1 ? 20 : 12))
  const isSound = (trak: Box) => {
    const hdlr = findBox(moov, ['mdia', 'hdlr'], trak.content, trak.end)
    return hdlr !== undefined && text(moov, hdlr.content + 8) === 'soun'
  }
  const tracks = traks.flatMap((trak, index) => readTrack({ moov, view, trak, movieScale, fragments }, index) ?? [])
  return { tracks, sounds: traks.filter(isSound).length }
}

type Place = { moov: Uint8Array; view: DataView; trak: Box; movieScale: number; fragments: ReadonlyMap<number, Table> | undefined }

function readTrack(place: Place, index: number): Track | undefined {
  const { moov, view, trak, fragments } = place
  const find = (...path: string[]) => findBox(moov, path, trak.content, trak.end)
  const [tkhd, mdhd, hdlr, stbl] = [find('tkhd'), find('mdia', 'mdhd'), find('mdia', 'hdlr'), find('mdia', 'minf', 'stbl')]
  if (!tkhd || !mdhd || !hdlr || !stbl) return undefined
  const kind = { vide: 'video' as const, soun: 'sound' as const }[text(moov, hdlr.content + 8)]
  const entry = firstEntry(moov, view, stbl)
  const long = view.getUint8(mdhd.content) === 1
  const timescale = view.getUint32(mdhd.content + (long ? 20 : 12))
  const own = readTable(moov, view, stbl)
  const table = fragments ? together(own, fragments.get(view.getUint32(tkhd.content + (view.getUint8(tkhd.content) === 1 ? 20 : 12)))) : own
  const shift = kind && timescale > 0 ? shiftOf(place, find('edts', 'elst'), timescale) : undefined
  if (!kind || !entry || !table || shift === undefined) return undefined
  const matrix = tkhd.content + (view.getUint8(tkhd.content) === 1 ? 52 : 40)
  for (let i = 0; i < table.count; i++) table.shown[i] = (table.shown[i] ?? 0) + shift
  return {
    index,
    kind,
    timescale,
    language: languageOf(view.getUint16(mdhd.content + (long ? 32 : 20))),
    entry: plainEntry(entry, kind),
    matrix: moov.slice(matrix, matrix + 36),
    width: view.getUint32(matrix + 36) / 65_536,
    height: view.getUint32(matrix + 40) / 65_536,
    ...table,
  }
}

const text = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))

/** Three letters of five bits. */
function languageOf(packed: number): string {
  const letters = String.fromCharCode(...[10, 5, 0].map((shift) => ((packed >> shift) & 31) + 0x60))
  return /^[a-z]{3}$/.test(letters) ? letters : 'und'
}

/** A stream that changes its coding on the way has several: such a one is not packaged. */
function firstEntry(moov: Uint8Array, view: DataView, stbl: Box): Uint8Array | undefined {
  const stsd = findBox(moov, ['stsd'], stbl.content, stbl.end)
  if (!stsd || view.getUint32(stsd.content + 4) !== 1) return undefined
  const [entry] = [...boxesIn(moov, stsd.content + 8, stsd.end)]
  return entry && moov.slice(entry.start, entry.end)
}

/** Ticks from a sample's own time to the film's: what an edit list puts before, less what it cuts off. Undefined: more than that is edited. */
export function shiftOf(
  { view, movieScale }: Pick<Place, 'view' | 'movieScale'>,
  elst: Box | undefined,
  timescale: number,
): number | undefined {
  if (!elst) return 0
  const long = view.getUint8(elst.content) === 1
  const count = view.getUint32(elst.content + 4)
  let before = 0
  for (let i = 0; i < Math.min(count, 16); i++) {
    const at = elst.content + 8 + i * (long ? 20 : 12)
    const length = long ? Number(view.getBigUint64(at)) : view.getUint32(at)
    const start = long ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4)
    const rate = view.getUint32(at + (long ? 16 : 8))
    if (start === -1) before += (length / movieScale) * timescale
    else return i === count - 1 && rate === 0x10000 ? Math.round(before) - start : undefined
  }
  return undefined
}

/** Samples as a file lists them. */
export type Table = Pick<Track, 'count' | 'offsets' | 'sizes' | 'shown' | 'isKey' | 'lastLength'>

/** What an index holds already, and what came afterwards. */
function together(own: Table | undefined, later: Table | undefined): Table | undefined {
  if (!own || !later) return own ?? later
  const joined = <T extends Float64Array | Uint32Array | Uint8Array>(a: T, b: T): T => {
    const both = new (a.constructor as new (length: number) => T)(a.length + b.length)
    both.set(a)
    both.set(b, a.length)
    return both
  }
  return {
    count: own.count + later.count,
    offsets: joined(own.offsets, later.offsets),
    sizes: joined(own.sizes, later.sizes),
    shown: joined(own.shown, later.shown),
    isKey: joined(own.isKey, later.isKey),
    lastLength: later.lastLength,
  }
}

export function readTable(moov: Uint8Array, view: DataView, stbl: Box): Table | undefined {
  const parts = new Map([...boxesIn(moov, stbl.content, stbl.end)].map((part) => [part.kind, part]))
  const [stsz, stts, stsc] = [parts.get('stsz'), parts.get('stts'), parts.get('stsc')]
  const chunks = parts.get('stco') ?? parts.get('co64')
  if (!stsz || !stts || !stsc || !chunks) return undefined
  const count = view.getUint32(stsz.content + 8)
  if (count === 0 || count > maxSamples) return undefined
  const sizes = sizesOf(view, stsz, count)
  const offsets = sizes && offsetsOf(view, { stsc, chunks, isLong: chunks.kind === 'co64' }, sizes)
  const times = timesOf(view, { stts, ctts: parts.get('ctts') }, count)
  if (!sizes || !offsets || !times) return undefined
  return { count, sizes, offsets, ...times, isKey: keysOf(view, parts.get('stss'), count) }
}

function sizesOf(view: DataView, stsz: Box, count: number): Uint32Array | undefined {
  const each = view.getUint32(stsz.content + 4)
  if (each > 0) return new Uint32Array(count).fill(each)
  if (stsz.content + 12 + count * 4 > stsz.end) return undefined
  return Uint32Array.from({ length: count }, (_, i) => view.getUint32(stsz.content + 12 + i * 4))
}

function offsetsOf(view: DataView, at: { stsc: Box; chunks: Box; isLong: boolean }, sizes: Uint32Array): Float64Array | undefined {
  const { stsc, chunks, isLong } = at
  const chunkCount = view.getUint32(chunks.content + 4)
  const runs = view.getUint32(stsc.content + 4)
  if (chunks.content + 8 + chunkCount * (isLong ? 8 : 4) > chunks.end || stsc.content + 8 + runs * 12 > stsc.end) return undefined
  const offsets = new Float64Array(sizes.length)
  let sample = 0
  for (let run = 0; run < runs; run++) {
    const entry = stsc.content + 8 + run * 12
    const until = run + 1 < runs ? view.getUint32(entry + 12) : chunkCount + 1
    const each = view.getUint32(entry + 4)
    for (let chunk = view.getUint32(entry); chunk < until && chunk <= chunkCount && chunk > 0; chunk++) {
      const start = chunks.content + 8 + (chunk - 1) * (isLong ? 8 : 4)
      let offset = isLong ? Number(view.getBigUint64(start)) : view.getUint32(start)
      for (let i = 0; i < each && sample < sizes.length; i++, sample++) {
        offsets[sample] = offset
        offset += sizes[sample] ?? 0
      }
    }
  }
  return sample === sizes.length ? offsets : undefined
}

function timesOf(view: DataView, { stts, ctts }: { stts: Box; ctts: Box | undefined }, count: number) {
  const shown = new Float64Array(count)
  let [sample, time, lastLength] = [0, 0, 0]
  for (const [run, length] of pairs(view, stts)) {
    for (let i = 0; i < run && sample < count; i++, sample++) {
      shown[sample] = time
      time += length
    }
    lastLength = length
  }
  if (sample < count) return undefined
  if (ctts) {
    sample = 0
    for (const [run, later] of pairs(view, ctts))
      for (let i = 0; i < run && sample < count; i++, sample++) shown[sample] = (shown[sample] ?? 0) + (later | 0)
  }
  return { shown, lastLength }
}

function* pairs(view: DataView, { content, end }: Box): Generator<[number, number]> {
  const count = view.getUint32(content + 4)
  for (let i = 0, at = content + 8; i < count && at + 8 <= end; i++, at += 8) yield [view.getUint32(at), view.getUint32(at + 4)]
}

function keysOf(view: DataView, stss: Box | undefined, count: number): Uint8Array {
  const isKey = new Uint8Array(count)
  if (!stss) return isKey.fill(1)
  const keys = Math.min(view.getUint32(stss.content + 4), (stss.end - stss.content - 8) >> 2)
  for (let i = 0; i < keys; i++) {
    const number = view.getUint32(stss.content + 8 + i * 4)
    if (number > 0 && number <= count) isKey[number - 1] = 1
  }
  return isKey
}
