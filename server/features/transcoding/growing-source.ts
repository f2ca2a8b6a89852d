import { open, stat } from 'node:fs/promises'
import { type ByteRanges, hasRange } from '#server/lib/byte-ranges.ts'
import { readStretches } from '#server/media/source/read-stretches.ts'
import type { GrowingStore } from './growing-store.ts'

/** What is wanted of a film has not arrived yet, or lies on another machine. */
export class NotArrived extends Error {}

type Find = GrowingStore['findByBlob']

/** A source that is still on its way, as a file with holes. What would be read of them is refused, never read. */
export async function openGrowing(find: Find, name: string) {
  const row = await find(name)
  if (!row) return undefined
  const there = await stat(row.path).catch(() => undefined)
  if (there?.size !== row.size) throw new NotArrived('it lies on another machine')
  const demand = async (ranges: ByteRanges) => {
    const held = (await find(name))?.held ?? []
    for (const range of ranges) if (!hasRange(held, range)) throw new NotArrived(`bytes ${range.start} to ${range.end} are on their way`)
  }
  await using file = await open(row.path)
  const stretches = await readStretches(async (start, length) => {
    const end = Math.min(row.size, start + length)
    if (start >= end) return new Uint8Array()
    if (!hasRange(row.held, { start, end })) throw new NotArrived('its index is on its way')
    const bytes = new Uint8Array(end - start)
    await file.read(bytes, 0, bytes.length, start)
    return bytes
  }, row.size)
  if (!stretches) throw new NotArrived('nobody can say what of it is read')
  await demand(stretches.opening)
  return {
    path: row.path,
    isWhole: false,
    reach: (fromS: number, toS: number) => demand(stretches.between(fromS, toS)),
    whole: () => demand([{ start: 0, end: row.size }]),
    [Symbol.asyncDispose]: async () => {},
  }
}
