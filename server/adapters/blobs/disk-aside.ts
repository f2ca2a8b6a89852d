import { createHash, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Log } from '#server/ports/log.ts'

/** Where blobs are written before they have their name: `+` stands in no name, so that nothing can collide with it. */
export const asideFolder = '+aside'

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
/** Told apart from an earlier life that had the same process id, as every container's first process has. */
const life = randomBytes(6).toString('hex')
const idleMs = 3_600_000

export async function openAside(root: string): Promise<{ file: FileHandle; path: string }> {
  const path = join(root, asideFolder, `${host}-${process.pid}-${life}-${randomBytes(9).toString('hex')}`)
  const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW, 0o640)
  return { file, path }
}

/** Removes what processes that are no more have left behind. Files of living ones, and of other machines, stay until they have rested for an hour. */
export async function sweepAside(root: string, parts: { nowMs: number; log: Log }): Promise<number> {
  const folder = join(root, asideFolder)
  await mkdir(folder, { recursive: true })
  let removed = 0
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (mayBeInUse(name) && !(await isIdle(path, parts.nowMs))) continue
    await rm(path, { force: true, recursive: true })
    removed++
  }
  if (removed > 0) parts.log.info('blobs.orphans_removed', { folder, removed })
  return removed
}

function mayBeInUse(name: string): boolean {
  const [onHost, pid, ofLife] = name.split('-')
  if (onHost !== host) return true
  if (Number(pid) === process.pid) return ofLife === life
  return isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function isIdle(path: string, nowMs: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined || nowMs - found.mtimeMs > idleMs
}
