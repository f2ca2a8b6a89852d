import { open, type FileHandle } from 'node:fs/promises'
import { type ByteRange, type ByteRanges, hasRange, missingRanges, parseRangesText } from '#server/lib/byte-ranges.ts'
import type { Clock } from '#server/ports/clock.ts'
import { Arrival, type Arrivals } from './arrivals.ts'
import { toBlockRange } from './block-range.ts'
import type { Hashing } from './hashing.ts'
import { asideOf } from './places.ts'
import { refuse } from './refusal.ts'
import type { TaskRow } from './store.ts'
import type { Syncs } from './syncs.ts'
import type { Tasks } from './tasks.ts'

export type Block = { startByte: number; endByte: number; partMd5: string; bytes: AsyncIterable<Uint8Array>; abort(): void }
export type Taken = { taken: true; range: ByteRange } | { taken: false; range: ByteRange }

export type TakeParts = { tasks: Tasks; arrivals: Arrivals; hashing: Hashing; syncs: Syncs; clock: Clock; held(row: TaskRow): void }

/** A block's way: claimed, written where bytes are missing, read again for its MD5, synced, and only then counted. */
export async function takeBlock(parts: TakeParts, taskId: number, block: Block): Promise<Taken> {
  const { arrivals, clock } = parts
  const row = await parts.tasks.get(taskId)
  refuseUnlessOpen(row)
  const { startByte: start, endByte } = block
  if (start > row.size || endByte > row.size || endByte < start - 1)
    refuse('request', `A block must lie within the ${row.size} bytes of the file.`)
  // The byte at endByte belongs to the block if it is spelled inclusively: nobody else may write it meanwhile, unless it is held.
  const claim = { start, end: Math.max(start, endByte) }
  const arrival = new Arrival(claim, clock.monotonicMs(), block.abort)
  const claimed = await arrivals.claim(taskId, arrival)
  if (claimed instanceof Arrival) return { taken: false, range: wantedInstead(parts, row, claimed) }
  using _ = claimed
  // Read again behind the claim: what was held before it is never written over.
  const fresh = await parts.tasks.get(taskId)
  refuseUnlessOpen(fresh)
  return { taken: true, range: await bring(parts, fresh, block, arrival) }
}

function refuseUnlessOpen(row: TaskRow): void {
  if (row.state === 'paused') refuse('paused', 'The task is paused: send the status "upload" first.')
  if (row.state === 'cancelled') refuse('cancelled', 'The task is cancelled: ask the business server for a new one.')
}

function wantedInstead({ arrivals }: TakeParts, row: TaskRow, met: Arrival): ByteRange {
  const missing = missingRanges(parseRangesText(row.held), { start: 0, end: row.size })
  return arrivals.without(row.id, missing)[0] ?? met.range
}

async function bring(parts: TakeParts, row: TaskRow, block: Block, arrival: Arrival): Promise<ByteRange> {
  // Every byte is held, and the file may have its name already: "0" again, without writing.
  if (row.state !== 'open') return spelled(block, await drain(block.bytes), row.size)
  const held = parseRangesText(row.held)
  const path = asideOf(row.root, row.id)
  await using file = await open(path, 'r+')
  const length = await write(file, { block, arrival, held, clock: parts.clock })
  const range = spelled(block, length.count, row.size)
  if (length.last !== undefined) await writeLast(parts, { file, row, at: range.end - 1, byte: length.last, held })
  const md5 = await parts.hashing.range(path, range.start, range.end)
  if (md5 !== block.partMd5)
    refuse(
      'differs',
      'The bytes of the block do not have the MD5 that partMd5 says, or differ from bytes held already. Nothing was changed: send it again.',
    )
  if (hasRange(held, range)) return range
  await parts.syncs.sync(path)
  const moved = await parts.tasks.move(row.id, { kind: 'held', range })
  if (!moved) refuseUnlessOpen(await parts.tasks.get(row.id))
  if (moved) parts.held(moved)
  return range
}

function spelled(block: Block, length: number, fileSize: number): ByteRange {
  const range = toBlockRange({ startByte: block.startByte, endByte: block.endByte, length, fileSize })
  return (
    range ?? refuse('request', `The block has ${length} bytes, which is neither endByte - startByte nor one more. Nothing was changed.`)
  )
}

type Written = { count: number; last: number | undefined }

async function write(
  file: FileHandle,
  { block, arrival, held, clock }: { block: Block; arrival: Arrival; held: ByteRanges; clock: Clock },
): Promise<Written> {
  const { range } = arrival
  let at = range.start
  let last: number | undefined
  for await (const bytes of block.bytes) {
    arrival.movedMs = clock.monotonicMs()
    const end = at + bytes.length
    if (end > range.end + 1) refuse('request', 'The block is longer than startByte and endByte say. Nothing was changed.')
    for (const { start, end: stop } of missingRanges(held, { start: at, end: Math.max(at, Math.min(end, range.end)) }))
      await writeAll(file, bytes.subarray(start - at, stop - at), start)
    if (end > range.end) last = bytes.at(-1)
    at = end
  }
  return { count: at - range.start, last }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, place: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, place + done)).bytesWritten
}

async function writeLast(
  parts: TakeParts,
  { file, row, at, byte, held }: { file: FileHandle; row: TaskRow; at: number; byte: number; held: ByteRanges },
): Promise<void> {
  const range = { start: at, end: at + 1 }
  if (hasRange(held, range)) return
  const claimed = await parts.arrivals.claim(row.id, new Arrival(range, parts.clock.monotonicMs(), () => {}))
  if (claimed instanceof Arrival) return
  using _ = claimed
  const now = await parts.tasks.get(row.id)
  if (now.state === 'open' && hasRange(parseRangesText(now.held), range)) return
  await writeAll(file, Uint8Array.of(byte), at)
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0
  for await (const chunk of bytes) count += chunk.length
  return count
}
