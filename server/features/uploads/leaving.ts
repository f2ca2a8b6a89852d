import { open } from 'node:fs/promises'
import { type ByteRange, hasRange, parseRangesText } from '#server/lib/byte-ranges.ts'
import { Gate } from '#server/lib/gate.ts'
import { Problem } from '#server/lib/problem.ts'
import type { RemoteBlobs } from '#server/ports/blobs.ts'
import { asideOf } from './places.ts'
import type { TaskRow, UploadStore } from './store.ts'

/** What of a file has left for a distant store: parts of one size, by their numbers from 1. */
type Left = { upload: string; partBytes: number; etags: Record<number, string> }
type LeavingParts = {
  remote: RemoteBlobs
  store: Pick<UploadStore, 'find' | 'changeLeaving'>
  blobOf(row: TaskRow): string
}
type Part = { part: number; path: string }

/** A store takes ten thousand parts. */
const mostParts = 9000
const MiB = 2 ** 20
/** Blocks change the row meanwhile, many of them. */
const mostTries = 100
/** Of all files together: each is in memory while it is sent, so that large ones go one by one. */
const partsAtOnce = 3
const largePartBytes = 32 * MiB

/**
 * [U13] Bytes leave for a distant store in parts as soon as a part is held, while the rest still arrives. What has left stands in the row: whoever goes on
 * after a crash sends no part again. The file on the disk stays the truth until all of it has left.
 */
export function createLeaving({ remote, store, blobOf }: LeavingParts) {
  const asked = new Set<number>()
  const running = new Map<number, Promise<void>>()
  const gateOf = (atOnce: number) => new Gate({ atOnce, mayWait: Number.POSITIVE_INFINITY, code: 'blobs.unreachable' })
  const [gate, largeGate] = [gateOf(partsAtOnce), gateOf(1)]
  const partBytesOf = (size: number) => leavingPartBytes(size, remote.minPartBytes)

  /** What `change` makes of the row as it is now; undefined: it has nothing to say any more. */
  async function note(id: number, change: (now: Left | undefined, row: TaskRow) => Left | 'nothing' | undefined): Promise<boolean> {
    for (let tried = 0; tried < mostTries; tried++) {
      const row = await store.find(id)
      const next = row && change(leftOf(row), row)
      if (!next) return false
      if (await store.changeLeaving(row, next === 'nothing' ? null : JSON.stringify(next))) return true
    }
    throw new Error(`upload task ${id} changes too fast`)
  }

  async function begin(row: TaskRow): Promise<Left | undefined> {
    const left: Left = { upload: await remote.openParts(blobOf(row)), partBytes: partBytesOf(row.size), etags: {} }
    const isOurs = await note(row.id, (now, fresh) => (now || !isOnItsWay(fresh) ? undefined : left))
    if (!isOurs) await remote.abortParts(blobOf(row), left.upload)
    return isOurs ? left : undefined
  }

  async function send(row: TaskRow, left: Left, { part, path }: Part): Promise<string> {
    return await (left.partBytes > largePartBytes ? largeGate : gate).run(async () => {
      const bytes = await read(path, rangeOf(part, row.size, left.partBytes))
      const { etag } = await remote.writePart(blobOf(row), left.upload, part, bytes)
      // What was begun anew meanwhile is another upload: this one counts for nothing any more.
      await note(row.id, (now) => (now?.upload === left.upload ? { ...now, etags: { ...now.etags, [part]: etag } } : undefined))
      return etag
    })
  }

  async function sendHeld(id: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const row = await store.find(id)
      if (!row || !isOnItsWay(row) || row.size <= partBytesOf(row.size)) return
      const part = nextPart(row, leftOf(row) ?? { partBytes: partBytesOf(row.size), etags: {} })
      const left = part === undefined ? undefined : (leftOf(row) ?? (await begin(row)))
      if (part === undefined || !left) return
      try {
        await send(row, left, { part, path: asideOf(row.root, id) })
      } catch (error) {
        const now = await store.find(id)
        if (now && leftOf(now)?.upload === left.upload && isOnItsWay(now)) throw await forgotten(now, left, error)
        // It has its name by now, is given up or begun anew, and its file or its upload is gone.
        return
      }
    }
  }

  /** What the store will not have any more is begun anew; what may pass stays as it is. Answers what went wrong. */
  async function forgotten(row: TaskRow, { upload }: Left, error: unknown): Promise<unknown> {
    if (mayPass(error)) return error
    await note(row.id, (now) => (now?.upload === upload ? 'nothing' : undefined))
    await remote.abortParts(blobOf(row), upload)
    return error
  }

  async function sendRest(row: TaskRow, { path, signal }: { path: string; signal: AbortSignal }): Promise<boolean> {
    const left = leftOf(row)
    if (!left) return false
    try {
      const parts: { part: number; etag: string }[] = []
      for (let part = 1; part <= Math.ceil(row.size / left.partBytes); part++) {
        signal.throwIfAborted()
        parts.push({ part, etag: left.etags[part] ?? (await send(row, left, { part, path })) })
      }
      await remote.completeParts(blobOf(row), left.upload, parts)
      return true
    } catch (error) {
      if (signal.aborted || mayPass(error)) throw error
      await forgotten(row, left, error)
      return false
    }
  }

  return {
    /** Sends what can be sent by now. Whoever asks meanwhile is served by the one that runs. */
    async go({ id }: Pick<TaskRow, 'id'>, signal: AbortSignal): Promise<void> {
      asked.add(id)
      if (running.has(id)) return
      const run = async () => {
        try {
          while (asked.delete(id)) await sendHeld(id, signal)
        } finally {
          asked.delete(id)
          running.delete(id)
        }
      }
      const done = run()
      running.set(id, done)
      await done
    },

    /** The rest, from the finished file, and the whole becomes a blob. False: nothing had left, or the store will not have it that way. */
    async end({ id }: Pick<TaskRow, 'id'>, given: { path: string; signal: AbortSignal }): Promise<boolean> {
      await running.get(id)?.catch(() => {})
      const row = await store.find(id)
      return row !== undefined && (await sendRest(row, given))
    },

    /** May be repeated. */
    async drop(row: TaskRow): Promise<void> {
      await running.get(row.id)?.catch(() => {})
      const left = leftOf(row)
      if (left) await remote.abortParts(blobOf(row), left.upload)
    },
  }
}

/** Whole mebibytes, and larger with the file, so that the parts of the largest are no more than a store takes. */
export const leavingPartBytes = (size: number, minBytes: number): number => Math.max(minBytes, Math.ceil(size / mostParts / MiB) * MiB)

/** Which of a store's unfinished uploads will yet become a blob. */
export const isLeavingBy = (row: TaskRow, upload: string): boolean =>
  leftOf(row)?.upload === upload && row.state !== 'cancelled' && (row.state !== 'stored' || row.callback_due_ms !== null)

/** What is made of other files is not there before it is verified. */
const isOnItsWay = ({ state, kind, parts, known_path: known }: TaskRow) =>
  kind === 'whole' && parts === null && known === null && (state === 'open' || state === 'paused' || state === 'verifying')
const leftOf = ({ leaving }: TaskRow): Left | undefined => (leaving === null ? undefined : (JSON.parse(leaving) as Left))
const mayPass = (error: unknown) => error instanceof Problem && (error.kind === 'unavailable' || error.kind === 'full')
const rangeOf = (part: number, size: number, partBytes: number): ByteRange => ({
  start: (part - 1) * partBytes,
  end: Math.min(size, part * partBytes),
})

function nextPart(row: TaskRow, { partBytes, etags }: Pick<Left, 'partBytes' | 'etags'>): number | undefined {
  const held = row.state === 'verifying' ? [{ start: 0, end: row.size }] : parseRangesText(row.held)
  for (let part = 1; part <= Math.ceil(row.size / partBytes); part++)
    if (etags[part] === undefined && hasRange(held, rangeOf(part, row.size, partBytes))) return part
  return undefined
}

async function read(path: string, { start, end }: ByteRange): Promise<Uint8Array> {
  await using file = await open(path)
  const bytes = Buffer.allocUnsafe(end - start)
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
    if (bytesRead === 0) throw new Error(`${path} is shorter than it should be`)
    at += bytesRead
  }
  return bytes
}
