import { stat } from 'node:fs/promises'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Hashing } from './hashing.ts'
import { bringParts, dropParts } from './parts.ts'
import { asideOf, copyKnown, dropAside, giveName } from './places.ts'
import type { TaskChange, TaskRow, UploadStore } from './store.ts'
import { type Tasks, toWhole } from './tasks.ts'

export type FinishParts = { store: UploadStore; tasks: Tasks; hashing: Hashing; clock: Clock; log: Log; ring(): void; signal: AbortSignal }

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

async function verify({ tasks, hashing, clock, store, signal }: FinishParts, row: TaskRow): Promise<void> {
  const key = String(row.id)
  const path = asideOf(row.root, row.id)
  const isWhole =
    row.parts !== null
      ? await bringParts({ tasks, signal }, row)
      : row.known_path === null || (await bringKnown(row.known_path, path, row.size))
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
  await tasks.move(row.id, { kind: 'wrong', doubted: [] }, () => owedCallback(clock, '9', text))
}

async function bringKnown(from: string, aside: string, size: number): Promise<boolean> {
  try {
    await copyKnown(from, aside)
    return (await stat(aside)).size === size
  } catch {
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
