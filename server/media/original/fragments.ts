import { type Box, boxesIn } from '../cell/boxes.ts'
import { viewOf } from './boxes.ts'
import { maxSamples, type Table } from './track.ts'

/** A part of a film that was written as it came: the content of its `moof`, and where that box lies in the file. */
export type Fragment = { bytes: Uint8Array; start: number }

type Listing = { offsets: number[]; sizes: number[]; shown: number[]; isKey: number[]; timeTicks: number; lastLength: number }
type Defaults = { length: number; size: number; flags: number }

/** The samples of each track by its number. Undefined: more than anybody plays, or a fragment that says nothing of its samples. */
export function readFragments(moov: Uint8Array, fragments: readonly Fragment[]): Map<number, Table> | undefined {
  const usual = defaultsOf(moov)
  const listings = new Map<number, Listing>()
  let count = 0
  for (const fragment of fragments) {
    const view = viewOf(fragment.bytes)
    let endOfData = fragment.start
    for (const traf of boxesIn(fragment.bytes)) {
      if (traf.kind !== 'traf') continue
      const parts = [...boxesIn(fragment.bytes, traf.content, traf.end)]
      const tfhd = parts.find(({ kind }) => kind === 'tfhd')
      if (!tfhd) return undefined
      const { track, base, ...defaults } = headOf(view, tfhd, usual)
      const listing = listings.get(track) ?? { offsets: [], sizes: [], shown: [], isKey: [], timeTicks: 0, lastLength: 0 }
      listings.set(track, listing)
      const tfdt = parts.find(({ kind }) => kind === 'tfdt')
      if (tfdt) listing.timeTicks = timeOf(view, tfdt)
      // Where no base is told the first track counts from the fragment, the next from where the one before ended.
      let at = base ?? endOfData
      const start = base ?? (isOfFragment(view, tfhd) ? fragment.start : endOfData)
      const runs = parts.filter(({ kind }) => kind === 'trun')
      count += runs.reduce((sum, { content }) => sum + view.getUint32(content + 4), 0)
      if (count > maxSamples) return undefined
      for (const trun of runs) at = readRun({ view, trun, listing, defaults, start, at })
      endOfData = at
    }
  }
  return new Map([...listings].map(([track, listing]) => [track, tableOf(listing)]))
}

const isOfFragment = (view: DataView, tfhd: Box) => (view.getUint32(tfhd.content) & 0x2_0000) !== 0

/** ISO/IEC 14496-12, 8.8.3: what holds for samples that say nothing of themselves. */
function defaultsOf(moov: Uint8Array): Map<number, Defaults> {
  const view = viewOf(moov)
  const mvex = [...boxesIn(moov)].find(({ kind }) => kind === 'mvex')
  const trexes = mvex ? [...boxesIn(moov, mvex.content, mvex.end)].filter(({ kind }) => kind === 'trex') : []
  return new Map(
    trexes.map(({ content }) => [
      view.getUint32(content + 4),
      { length: view.getUint32(content + 12), size: view.getUint32(content + 16), flags: view.getUint32(content + 20) },
    ]),
  )
}

/** ISO/IEC 14496-12, 8.8.7. */
function headOf(
  view: DataView,
  { content }: Box,
  usual: ReadonlyMap<number, Defaults>,
): Defaults & { track: number; base: number | undefined } {
  const flags = view.getUint32(content) & 0xff_ffff
  const track = view.getUint32(content + 4)
  let at = content + 8
  const take = (flag: number, bytes: number) => {
    if (!(flags & flag)) return undefined
    const value = bytes === 8 ? Number(view.getBigUint64(at)) : view.getUint32(at)
    at += bytes
    return value
  }
  const base = take(1, 8)
  take(2, 4)
  const { length, size, flags: sampleFlags } = usual.get(track) ?? { length: 0, size: 0, flags: 0 }
  return { track, base, length: take(8, 4) ?? length, size: take(0x10, 4) ?? size, flags: take(0x20, 4) ?? sampleFlags }
}

const timeOf = (view: DataView, { content }: Box) =>
  view.getUint8(content) === 1 ? Number(view.getBigUint64(content + 4)) : view.getUint32(content + 4)

type Run = { view: DataView; trun: Box; listing: Listing; defaults: Defaults; start: number; at: number }

/** ISO/IEC 14496-12, 8.8.8. Says where its data ends. */
function readRun({ view, trun, listing, defaults, start, at }: Run): number {
  const flags = view.getUint32(trun.content) & 0xff_ffff
  const count = view.getUint32(trun.content + 4)
  let place = trun.content + 8
  const take = (flag: number) => {
    if (!(flags & flag)) return undefined
    place += 4
    return view.getUint32(place - 4)
  }
  const dataAt = take(1)
  const firstFlags = take(4)
  let offset = dataAt === undefined ? at : start + (dataAt | 0)
  for (let i = 0; i < count; i++) {
    const length = take(0x100) ?? defaults.length
    const size = take(0x200) ?? defaults.size
    const own = take(0x400) ?? (i === 0 ? firstFlags : undefined) ?? defaults.flags
    const later = (take(0x800) ?? 0) | 0
    listing.offsets.push(offset)
    listing.sizes.push(size)
    listing.shown.push(listing.timeTicks + later)
    listing.isKey.push(own & 0x1_0000 ? 0 : 1)
    listing.timeTicks += length
    listing.lastLength = length
    offset += size
  }
  return offset
}

function tableOf({ offsets, sizes, shown, isKey, lastLength }: Listing): Table {
  return {
    count: offsets.length,
    offsets: Float64Array.from(offsets),
    sizes: Uint32Array.from(sizes),
    shown: Float64Array.from(shown),
    isKey: Uint8Array.from(isKey),
    lastLength,
  }
}
