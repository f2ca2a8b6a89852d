import { existsSync } from 'node:fs'
import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { DataEngine } from '#server/database/backup/engine.ts'
import { NotEmpty, StillInUse } from '#server/database/errors.ts'
import { freeName, openSqliteMigrations, takeTurn } from './sqlite-migrations.ts'

/**
 * Lends an empty file beside `path` to be filled; then it takes the place of what stands there, in one step. Until then nothing is changed. What
 * stood there is kept under another name, which is answered. Refused where a program has it open, and where there is something, unless `replaces`.
 */
export async function restoreFile<R>(
  path: string,
  replaces: boolean,
  fill: (engine: DataEngine) => Promise<R>,
): Promise<{ result: R; aside: string | undefined }> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  using _turn = await takeTurn(`${path}-migrating`, 0).catch((error: unknown) => {
    throw isLocked(error) ? new StillInUse('another restore or migration') : error
  })
  if (existsSync(path)) {
    if (!replaces) throw new NotEmpty([path])
    foldAlone(path)
  }
  const draft = `${path}.restoring`
  await removeAll(draft)
  // What everybody wrote is for nobody else on this machine.
  await (await open(draft, 'a', 0o600)).close()
  try {
    const result = await filled(draft, fill)
    const aside = existsSync(path) ? await keepAside(path) : undefined
    await rename(draft, path)
    await syncFolder(dirname(path))
    return { result, aside }
  } finally {
    await removeAll(draft)
  }
}

async function filled<R>(draft: string, fill: (engine: DataEngine) => Promise<R>): Promise<R> {
  let result: R
  {
    using engine = openSqliteMigrations(draft)
    result = await fill(engine)
  }
  foldAlone(draft)
  await using file = await open(draft, 'r+')
  await file.sync()
  return result
}

/** The log goes into the file, which only the last connection can have done. A file that is no database any more is taken as it is. */
function foldAlone(path: string): void {
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    db.exec('pragma journal_mode = delete')
  } catch (error) {
    if (isLocked(error)) throw new StillInUse('a program')
  } finally {
    db.close()
  }
}

async function keepAside(path: string): Promise<string> {
  foldAlone(path)
  const aside = freeName(path, 'before-restore')
  // Only a file that could not be read has a log of its own still.
  for (const log of ['-wal', '-shm']) if (existsSync(`${path}${log}`)) await rename(`${path}${log}`, `${aside}${log}`)
  // A second name, where the file system knows that: there is no moment without a database.
  await link(path, aside).catch(() => rename(path, aside))
  return aside
}

async function removeAll(path: string): Promise<void> {
  for (const ending of ['', '-wal', '-shm', '-journal', '-migrating']) await rm(`${path}${ending}`, { force: true })
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder)
  await handle.sync()
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /locked|busy/.test(error.message)
}
