import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'

/** Longer than any run may last. */
const oldestMs = 24 * 3_600_000
/** Others of this machine may be killed while this process lives. */
const everyMs = 600_000
const room = /^matinee-run-(\d+)-/

/** Asked before each work: at the first one, and ten minutes after the last time, what was left behind is cleared away. */
export function createSweeping(parts: { clock: Pick<Clock, 'now'>; log: Pick<Log, 'info'>; folder?: string }): () => Promise<void> {
  let dueMs = Number.NEGATIVE_INFINITY
  return async () => {
    const nowMs = parts.clock.now()
    if (nowMs < dueMs) return
    dueMs = nowMs + everyMs
    const rooms = await sweepScratch(nowMs, parts.folder)
    if (rooms > 0) parts.log.info('transcoding.scratch_swept', { rooms })
  }
}

/** Rooms of processes that were killed: nobody else clears them away. Answers how many there were. */
async function sweepScratch(nowMs: number, folder = tmpdir()): Promise<number> {
  let swept = 0
  for (const name of await readdir(folder)) {
    const owner = Number(room.exec(name)?.[1])
    if (!owner) continue
    const path = join(folder, name)
    const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: nowMs }
    if (isAlive(owner) && nowMs - mtimeMs < oldestMs) continue
    await rm(path, { recursive: true, force: true })
    swept++
  }
  return swept
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
