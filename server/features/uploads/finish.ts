import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Hashing } from './hashing.ts'
import { bringParts, dropParts } from './parts.ts'
import { asideOf, copyKnown, dropAside, giveName, syncFile } from './places.ts'
import type { TaskChange, TaskRow, UploadStore } from './store.ts'
import { type Tasks, toWhole } from './tasks.ts'

export type FinishParts = {
  store: UploadStore
  tasks: Tasks
  hashing: Hashing
  clock: Clock
  log: Log
  readKnown: ReadKnown
  ring(): void
  signal: AbortSignal
}
/** What stands in the house already, by its name. */
export type ReadKnown = (name: string, signal: AbortSignal) => AsyncIterable<Uint8Array>
const inBlobs = 'blob:'
export const knownBlob = (name: string): string => inBlobs + name

/** Verified → stored → callback: each step is a row before the next begins, so that it happens though the process dies between any two. */
export async function finishTask(parts: FinishParts, taskId: number): Promise<void> {
  const row = await parts.tasks.get(taskId)
  // A part is whole when its bytes are there. What it is a part of will be verified.
  if (row.kind === 'part') return
  if (row.state === 'verifying') await verify(parts, row)
  const verified = await parts.tasks.get(taskId)
  if (verified.state === 'verified') await store(parts, verified)
  parts.ring()
}

async function verify(parts: FinishParts, row: TaskRow): Promise<void> {
  const { tasks, hashing, clock, store, signal } = parts
  const key = String(row.id)
  const path = asideOf(row.root, row.id)
  const isWhole =
    row.parts !== null
      ? await bringParts({ tasks, signal }, row)
      : row.known_path === null || (await bringKnown(parts, { from: row.known_path, aside: path, size: row.size }))
  const digests = isWhole ? await hashing.first(toWhole(row), path, row.size) : undefined
  await hashing.forget(key)
  if (digests && (row.md5 === null || digests.md5 === row.md5)) {
    await tasks.move(row.id, { kind: 'verified', sha256: digests.sha256 })
    return
  }
  if (row.known_path !== null) {
    // What stood there is no longer what it was: the client sends the bytes, and nobody has to be told.
    const now = await tasks.move(row.id, { kind: 'wrong', doubted: [] })
    if (now) await store.change(now, { known_path: null })
    return
  }
  if (row.parts !== null) await dropParts({ tasks }, row)
  const text = 'The whole file does not have the MD5 that was promised. Its blocks are wanted again.'
  await tasks.move(row.id, { kind: 'wrong', doubted: [] }, () => ({ ...owedCallback(clock, '9', text), leaving: null }))
}

async function bringKnown(
  { readKnown, signal }: FinishParts,
  { from, aside, size }: { from: string; aside: string; size: number },
): Promise<boolean> {
  try {
    if (from.startsWith(inBlobs)) {
      const written = createWriteStream(aside, { flags: 'r+' })
      await pipeline(readKnown(from.slice(inBlobs.length), signal), written)
      await syncFile(aside)
      return written.bytesWritten === size
    }
    await copyKnown(from, aside)
    return (await stat(aside)).size === size
  } catch (error) {
    // The house closes: the next one brings it.
    if (signal.aborted) throw error
    return false
  }
}

async function store({ tasks, store: rows, clock, log }: FinishParts, row: TaskRow): Promise<void> {
  const isNamed = await giveName(asideOf(row.root, row.id), { root: row.root, folder: row.folder, fileName: row.file_name })
  if (isNamed) {
    await dropParts({ tasks }, row)
    await tasks.move(row.id, { kind: 'stored' }, () => owedCallback(clock, '0', ''))
    return
  }
  log.warn('uploads.name_taken', { taskId: row.id })
  const text = 'Another file has taken the place of this one while it arrived.'
  const change: TaskChange = { state: 'cancelled', why: 'gone', ...owedCallback(clock, '5', text) }
  if (await rows.change(row, change)) await dropAside(row.root, row.id)
}

export function owedCallback(clock: Pick<Clock, 'now'>, code: string, text: string): TaskChange {
  const nowMs = clock.now()
  return { callback_code: code, callback_text: text, callback_due_ms: nowMs, callback_since_ms: nowMs, callback_tries: 0 }
}
