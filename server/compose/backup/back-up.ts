import { existsSync } from 'node:fs'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import { openSecrets } from '#server/config/secrets.ts'
import type { Progress } from '#server/database/backup/lines.ts'
import type { BackupSummary } from '#server/database/backup/verify-backup.ts'
import { writeBackup } from '#server/database/backup/write-backup.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { manifestOf, openStore } from './blobs.ts'
import { Refused } from './refused.ts'
import { openRowsToRead } from './rows.ts'

export type BackUpWish = {
  path: string
  /** Anybody who has the file can read it. */
  isPlain: boolean
  /** Without the list of films and pictures. */
  rowsOnly: boolean
  progress: Progress
  signal: AbortSignal
}

/** Copies the rows of a house, which may be open meanwhile, and the names and hashes of its blobs. Read back before the file has its name. */
export async function backUp(config: Config, { path, isPlain, rowsOnly, progress, signal }: BackUpWish): Promise<BackupSummary> {
  if (existsSync(path)) throw new Refused(`${path} exists already, and a backup replaces nothing. Choose another name.`)
  await using rows = await openRowsToRead(config)
  await using store = await openStore(config)
  const { secrets } = pathsOf(config)
  if (!isPlain && !existsSync(secrets))
    throw new Refused(`${secrets}, by whose key a backup is sealed, is not there. --plain writes one without`)
  return await writeBackup({
    from: rows,
    path,
    migrations,
    ...(isPlain ? {} : { keys: openSecrets(secrets).seal }),
    ...(rowsOnly ? {} : { blobs: () => manifestOf(store.blobs, signal) }),
    progress,
  })
}
