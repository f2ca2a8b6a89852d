import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import { openSecrets } from '#server/config/secrets.ts'
import { renewEpoch } from '#server/database/append-event.ts'
import type { DataEngine } from '#server/database/backup/engine.ts'
import { isSealed } from '#server/database/backup/backup-file.ts'
import type { Progress } from '#server/database/backup/lines.ts'
import { migrationsThen, restoreBackup } from '#server/database/backup/restore-backup.ts'
import { type BackupSummary, verifyBackup } from '#server/database/backup/verify-backup.ts'
import { writeBackup } from '#server/database/backup/write-backup.ts'
import { NotEmpty } from '#server/database/errors.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { halfRestored } from '#server/database/migrations/migrate.ts'
import type { StepRunner } from '#server/database/schema/step.ts'
import type { SealKeys } from '#server/lib/sealed.ts'
import { type BlobFault, faultsOf, openStore } from './blobs.ts'
import { forgetRedis } from './forget-redis.ts'
import { Refused } from './refused.ts'
import { isSqlite, openServer } from './rows.ts'

export type RestoreWish = {
  path: string
  /** Also where there are rows already; those are kept aside. */
  replaces: boolean
  /** Told where that lies now. */
  kept(aside: string): void
  progress: Progress
}

/** Fills the database of a house that is not open, and answers what was in the file. What breaks off leaves nothing that could be used by mistake. */
export async function restore(config: Config, wish: RestoreWish): Promise<BackupSummary> {
  const keys = await keysFor(config, wish.path)
  const summary = isSqlite(config) ? await intoFile(config, wish, keys) : await intoServer(config, wish, keys)
  await forgetRedis(config)
  return summary
}

/** Reads the file to its end, and changes nothing. */
export async function checkBackup(config: Config, { path, progress }: Pick<RestoreWish, 'path' | 'progress'>): Promise<BackupSummary> {
  return verifyBackup(path, await keysFor(config, path), progress)
}

/** What of the files that the backup names is not there as it was. */
export async function* missingBlobs(
  config: Config,
  wish: { path: string; isThorough: boolean; progress: Progress; signal: AbortSignal },
): AsyncGenerator<BlobFault> {
  const keys = await keysFor(config, wish.path)
  await using store = await openStore(config)
  yield* faultsOf({ path: wish.path, keys }, store.blobs, wish)
}

/** Never makes a file of keys: new ones would open nothing. */
async function keysFor(config: Config, path: string): Promise<SealKeys | undefined> {
  const { secrets } = pathsOf(config)
  if (existsSync(secrets)) return openSecrets(secrets).seal
  if (await isSealed(path))
    throw new Refused(`This backup is sealed by the keys of the house that made it. Put its file of keys at ${secrets} first`)
  return undefined
}

async function intoFile(config: Config, wish: RestoreWish, keys: SealKeys | undefined): Promise<BackupSummary> {
  const { restoreFile } = await import('#server/adapters/database/sqlite/restore-file.ts')
  const { result, aside } = await restoreFile(pathsOf(config).database, wish.replaces, (into) => fill(into, wish, keys))
  if (aside !== undefined) wish.kept(aside)
  return result
}

async function intoServer(config: Config, wish: RestoreWish, keys: SealKeys | undefined): Promise<BackupSummary> {
  const { checkAlone, dropTables } = await import('#server/adapters/database/mysql/clear-tables.ts')
  await using into = await openServer(config)
  return await into.alone(async () => {
    const standing = await into.tables()
    if (standing.length > 0 && !wish.replaces) throw new NotEmpty(standing)
    await checkAlone(into)
    if (standing.length > 0) {
      // What cannot be restored takes nothing away: the file is read to its end first.
      await verifyBackup(wish.path, keys, wish.progress)
      await migrationsThen(wish.path, keys, migrations)
      const aside = await keepAside(config, into, wish.progress)
      if (aside !== undefined) wish.kept(aside)
      await dropTables(into)
    }
    return fill(into, wish, keys)
  })
}

/** Undefined where there is nothing worth keeping: a restore that broke off. */
async function keepAside(config: Config, from: DataEngine, progress: Progress): Promise<string | undefined> {
  const tables = await from.tables()
  if (!tables.includes('migration')) throw new Refused('The tables in this database are not Matinee’s. It needs a database of its own')
  const marks = await from.all('select name from migration where name = ?', [halfRestored])
  if (marks.length > 0) return undefined
  const { data, secrets } = pathsOf(config)
  await mkdir(data, { recursive: true })
  const path = join(data, `before-restore.${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.backup`)
  await writeBackup({ from, path, migrations, keys: openSecrets(secrets).seal, progress })
  return path
}

function fill(into: DataEngine, { path, progress }: RestoreWish, keys: SealKeys | undefined): Promise<BackupSummary> {
  return restoreBackup({ into, path, migrations, progress, finally: (on) => beginAnew(on), ...(keys ? { keys } : {}) })
}

/** Devices that have read further than the rows go now load everything anew. */
async function beginAnew(on: StepRunner): Promise<void> {
  const { sql, parameters } = renewEpoch(Date.now()).compile()
  await on.run(sql, parameters)
}
