import { type ByteRange, type ByteRanges, parseRangesText } from '#server/lib/byte-ranges.ts'
import { refuse } from './refusal.ts'
import { giveBack } from './spent.ts'
import type { TaskRow } from './store.ts'
import { claim, countRange, inOne, refuseUnlessOpen, type TakeParts } from './take-block.ts'

/** Bytes from where a file is held up to now. With a `checksum` all of them count or none, otherwise those that came, however the line ended. */
export type Run = {
  offset: number
  /** As far as the client has said it. */
  length: number | undefined
  checksum: { algorithm: string; digest: string } | undefined
  bytes: AsyncIterator<Uint8Array>
  abort(): void
}
/** `offset`: up to where the file is held now, from its start. */
export type RunTaken = { kind: 'taken' | 'elsewhere' | 'busy' | 'mismatch'; offset: number }

/** So much is lost at most when the process is killed while a run arrives. */
const stepBytes = 16 * 2 ** 20

export function heldFromStart(row: TaskRow): number {
  if (row.state !== 'open' && row.state !== 'paused') return row.size
  return startOf(parseRangesText(row.held))
}

const startOf = ([first]: ByteRanges) => (first?.start === 0 ? first.end : 0)

export async function takeRun(parts: TakeParts, taskId: number, run: Run): Promise<RunTaken> {
  const end = run.length === undefined ? undefined : run.offset + run.length
  const source = new Source(run.bytes)
  let taken = await takeStep(parts, taskId, { run, source, offset: run.offset, end })
  // tus, "PATCH": as much of what was received as possible is stored, step by step.
  while (taken.kind === 'taken' && !(await source.isOver()))
    taken = await takeStep(parts, taskId, { run, source, offset: taken.offset, end })
  return taken
}

type Step = { run: Run; source: Source; offset: number; end: number | undefined }

async function takeStep(parts: TakeParts, taskId: number, { run, source, offset, end }: Step): Promise<RunTaken> {
  const row = await parts.tasks.get(taskId)
  refuseUnlessOpen(row)
  const stop = Math.min(end ?? row.size, row.size, run.checksum ? Number.POSITIVE_INFINITY : offset + stepBytes)
  if (heldFromStart(row) !== offset) return { kind: 'elsewhere', offset: heldFromStart(row) }
  if (end !== undefined && end > row.size) refuse('size', `The file has ${row.size} bytes, and no more are taken.`, 413)
  const claimed = await claim(parts, row, { range: { start: offset, end: stop }, abort: run.abort })
  if ('met' in claimed) return { kind: 'busy', offset }
  using _ = claimed.lease
  const held = heldFromStart(claimed.row)
  if (held !== offset) return { kind: 'elsewhere', offset: held }
  const algorithm = run.checksum?.algorithm
  return await inOne(parts, claimed.row, { start: offset, algorithm }, async (incoming) => {
    let at = offset
    for (let bytes = await source.next(stop - at); bytes; bytes = await source.next(stop - at)) {
      claimed.arrival.movedMs = Number.POSITIVE_INFINITY
      await incoming.write(bytes)
      at += bytes.length
      source.spent()
      claimed.arrival.movedMs = parts.clock.monotonicMs()
    }
    if (at === row.size && !(await source.isOver())) refuse('size', `The file has ${row.size} bytes, and no more are taken.`, 413)
    const isCut = run.checksum !== undefined && (source.isBroken || (end !== undefined && at !== end))
    if (claimed.arrival.isOver || isCut) refuse('request', 'The bytes were cut off.', 400)
    const { digest, differs } = await incoming.end()
    const isWrong = differs || (run.checksum !== undefined && digest !== run.checksum.digest)
    if (!isWrong) return await count(parts, claimed.row, { start: offset, end: at })
    await incoming.forget()
    return { kind: 'mismatch', offset }
  })
}

async function count(parts: TakeParts, row: TaskRow, range: ByteRange): Promise<RunTaken> {
  if (range.start < range.end) await countRange(parts, row, range)
  const now = await parts.tasks.get(row.id)
  return { kind: 'taken', offset: Math.max(range.end, heldFromStart(now)) }
}

/** A line's bytes in pieces of the wanted size. A line that breaks is one that ends. */
class Source {
  readonly #bytes: AsyncIterator<Uint8Array>
  #chunk: Uint8Array | undefined
  #at = 0
  isBroken = false

  constructor(bytes: AsyncIterator<Uint8Array>) {
    this.#bytes = bytes
  }

  async next(most: number): Promise<Uint8Array | undefined> {
    if (most === 0 || (await this.isOver())) return undefined
    const bytes = this.#chunk?.subarray(this.#at, this.#at + most)
    this.#at += bytes?.length ?? 0
    return bytes
  }

  /** What was handed out last has been read. */
  spent(): void {
    if (!this.#chunk || this.#at < this.#chunk.length) return
    giveBack(this.#chunk)
    this.#chunk = undefined
  }

  async isOver(): Promise<boolean> {
    while (!this.#chunk || this.#at >= this.#chunk.length) {
      if (this.isBroken) return true
      try {
        const next = await this.#bytes.next()
        if (next.done === true) return true
        this.#chunk = next.value
        this.#at = 0
      } catch {
        this.isBroken = true
        return true
      }
    }
    return false
  }
}
