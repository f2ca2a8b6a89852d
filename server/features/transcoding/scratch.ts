import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Longer than any run may last. */
const oldestMs = 24 * 3_600_000
const room = /^matinee-run-(\d+)-/

/** Rooms of processes that were killed: nobody else clears them away. Answers how many there were. */
export async function sweepScratch(nowMs: number, folder = tmpdir()): Promise<number> {
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
