import { type ByteRange, type ByteRanges, hasRange, missingRanges, parseRangesText } from '#server/lib/byte-ranges.ts'
import type { Clock } from '#server/ports/clock.ts'
import { Arrival, type Arrivals } from './arrivals.ts'
import { toBlockRange } from './block-range.ts'
import type { Incoming, Intake } from './intake.ts'
import { asideOf, freeBytes, isTaken, type Reserve, syncData, targetOf } from './places.ts'
import { refuse } from './refusal.ts'
import type { Rounds } from './rounds.ts'
import type { TaskRow } from './store.ts'
import { toWhole, type Tasks } from './tasks.ts'

/** `endByte` as the client spells it; the bytes decide. */
export type Block = { startByte: number; endByte: number; partMd5: string; bytes: AsyncIterable<Uint8Array>; abort(): void }
export type Taken = { taken: true; range: ByteRange } | { taken: false; range: ByteRange }

export type TakeParts = {
  tasks: Tasks
  arrivals: Arrivals
  intake: Intake
  /** Blocks of one task that have been written, to be synced and counted together. */
  rounds: Rounds<number, WrittenRange>
  clock: Clock
  reserve: Reserve
}
export type WrittenRange = { row: TaskRow; range: ByteRange }

/** In so many pieces may a file be held: each block writes them all, and enough for the largest file in the largest blocks, every other one first. */
export const mostPieces = 16_384

/** A block's way: claimed, written where bytes are missing and compared where they are held, synced, and only then counted. */
export async function takeBlock(parts: TakeParts, taskId: number, block: Block): Promise<Taken> {
  const row = await parts.tasks.get(taskId)
  refuseUnlessOpen(row)
  const { startByte: start, endByte } = block
  if (start > row.size || endByte > row.size || endByte < start - 1)
    refuse('request', `A block must lie within the ${row.size} bytes of the file.`)
  // The byte at endByte belongs to the block if it is spelled inclusively: nobody else may write it meanwhile, unless it is held.
  const claimed = await claim(parts, row, { range: { start, end: Math.max(start, endByte) }, abort: block.abort })
  if ('met' in claimed) return { taken: false, range: claimed.wanted }
  using _ = claimed.lease
  const bring = (incoming: Incoming) => bringBlock(parts, { row: claimed.row, incoming, arrival: claimed.arrival, block })
  return { taken: true, range: await inOne(parts, claimed.row, { start, algorithm: 'md5' }, bring) }
}

export function refuseUnlessOpen(row: TaskRow): void {
  if (row.state === 'paused') refuse('paused', 'The task is paused: send the status "upload" first.')
  if (row.state === 'cancelled') refuse('cancelled', 'The task is cancelled: ask the business server for a new one.')
}

type Claimed = { row: TaskRow; arrival: Arrival; lease: Disposable } | { met: Arrival; wanted: ByteRange }

export async function claim(
  { tasks, arrivals, clock, reserve }: TakeParts,
  row: TaskRow,
  { range, abort }: { range: ByteRange; abort(): void },
): Promise<Claimed> {
  const arrival = new Arrival(range, clock.monotonicMs(), abort)
  const lease = await arrivals.claim(row.id, arrival)
  if (lease instanceof Arrival) {
    const missing = missingRanges(parseRangesText(row.held), { start: 0, end: row.size })
    return { met: lease, wanted: arrivals.without(row.id, missing)[0] ?? lease.range }
  }
  try {
    // Read again behind the claim: what was held before it is never written over.
    const fresh = await tasks.get(row.id)
    refuseUnlessOpen(fresh)
    // Refused before the disk is full: what was held before stays, and it goes on when there is room again.
    if (fresh.state === 'open' && (await freeBytes(fresh.root, reserve)) < range.end - range.start)
      refuse('full', 'The disk is full. Try again later.')
    if (fresh.state === 'open') refuseScattered(parseRangesText(fresh.held), range)
    return { row: fresh, arrival, lease }
  } catch (error) {
    lease[Symbol.dispose]()
    throw error
  }
}

/** [U11] Crumbs that touch nothing cost a row more and more; those that adjoin are always taken. */
function refuseScattered(held: ByteRanges, { start, end }: ByteRange): void {
  if (held.length < mostPieces || held.some((piece) => piece.start <= end && start <= piece.end)) return
  refuse('request', `The file is held in ${held.length} pieces already: send what adjoins one of them.`)
}

/** Opens the way for one block, and sees that it ends. */
export async function inOne<T>(
  { intake }: TakeParts,
  row: TaskRow,
  { start, algorithm }: { start: number; algorithm: string | undefined },
  bring: (incoming: Incoming) => Promise<T>,
): Promise<T> {
  const isOpen = row.state === 'open'
  const held = isOpen ? parseRangesText(row.held) : [{ start: 0, end: row.size }]
  const path = isOpen ? asideOf(row.root, row.id) : await standing(row)
  const incoming = intake.begin({ path, start, held, algorithm, isWritten: isOpen, whole: isOpen ? toWhole(row) : undefined })
  try {
    return await bring(incoming)
  } catch (error) {
    await incoming.drop()
    throw error
  }
}

/** Where the bytes of a task lie that is over, as long as nobody has taken them away. */
export async function standing(row: TaskRow): Promise<string | undefined> {
  for (const path of [asideOf(row.root, row.id), targetOf({ folder: row.folder, fileName: row.file_name })])
    if (await isTaken(path)) return path
  return undefined
}

type Bringing = { row: TaskRow; incoming: Incoming; arrival: Arrival; block: Block }

async function bringBlock(parts: TakeParts, { row, incoming, arrival, block }: Bringing): Promise<ByteRange> {
  const { range: expected } = arrival
  const { count, last } = await carry(parts, { incoming, arrival, bytes: block.bytes })
  const range = spelled(block, count, row.size)
  using _ = last === undefined ? undefined : await bringLast(parts, { row, incoming, at: expected.end, byte: last })
  const { digest, differs } = await incoming.end()
  if (digest !== block.partMd5 || differs)
    refuse(
      'differs',
      differs
        ? 'Bytes of the block differ from those that are held already. Nothing was changed.'
        : 'The bytes of the block do not have the MD5 that partMd5 says. Nothing was changed: send it again.',
    )
  await countRange(parts, row, range)
  return range
}

/** [U7] Synced before it is counted, and counted before it is answered. */
export async function countRange(parts: TakeParts, row: TaskRow, range: ByteRange): Promise<void> {
  if (row.state !== 'open' || hasRange(parseRangesText(row.held), range)) return
  await parts.rounds.add(row.id, { row, range })
  // Not counted where the task was paused or cancelled meanwhile.
  refuseUnlessOpen(await parts.tasks.get(row.id))
}

export async function countWritten(
  { tasks, held }: { tasks: Tasks; held(row: TaskRow): void },
  written: readonly WrittenRange[],
): Promise<void> {
  const [first] = written
  if (!first) return
  await syncData(asideOf(first.row.root, first.row.id))
  const moved = await tasks.hold(
    first.row.id,
    written.map(({ range }) => range),
  )
  if (moved) held(moved)
}

function spelled(block: Block, length: number, fileSize: number): ByteRange {
  const range = toBlockRange({ startByte: block.startByte, endByte: block.endByte, length, fileSize })
  return (
    range ?? refuse('request', `The block has ${length} bytes, which is neither endByte - startByte nor one more. Nothing was changed.`)
  )
}

type Carrying = { incoming: Incoming; arrival: Arrival; bytes: AsyncIterable<Uint8Array> }

/** All that comes, up to where the claim ends; `last`: the one byte more that a block may have which spells its end inclusively. */
async function carry(
  { clock }: TakeParts,
  { incoming, arrival, bytes }: Carrying,
): Promise<{ count: number; last: Uint8Array | undefined }> {
  const { start, end } = arrival.range
  let at = start
  let last: Uint8Array | undefined
  for await (const chunk of bytes) {
    const isTooLong = at + chunk.length > end + 1 || (last !== undefined && chunk.length > 0)
    if (isTooLong) refuse('request', 'The block is longer than startByte and endByte say. Nothing was changed.')
    // While we are the ones who are waited for, nobody else has stalled.
    arrival.movedMs = Number.POSITIVE_INFINITY
    await incoming.write(chunk.subarray(0, Math.max(0, end - at)))
    arrival.movedMs = clock.monotonicMs()
    at += chunk.length
    if (at > end) last = chunk.subarray(-1)
  }
  return { count: at - start, last }
}

async function bringLast(
  parts: TakeParts,
  { row, incoming, at, byte }: { row: TaskRow; incoming: Incoming; at: number; byte: Uint8Array },
): Promise<Disposable | undefined> {
  const range = { start: at, end: at + 1 }
  let lease: Disposable | undefined
  while (!lease) {
    const met = await parts.arrivals.claim(row.id, new Arrival(range, parts.clock.monotonicMs(), () => {}))
    if (met instanceof Arrival) await met.left
    else lease = met
  }
  const now = await parts.tasks.get(row.id)
  incoming.holds(now.state === 'open' ? parseRangesText(now.held) : [{ start: 0, end: row.size }])
  await incoming.write(byte)
  return lease
}
