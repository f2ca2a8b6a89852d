import { DatabaseSync } from 'node:sqlite'

/** Below it two connections that write and checkpoint at once can corrupt the file (the WAL-reset race). */
const floor = '3.51.3'

/** Opens the file as every connection of ours does. A reader cannot write, whatever it is asked. */
export function openFile(path: string, options: { reader?: boolean } = {}): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: true, enableDoubleQuotedStringLiterals: false })
  try {
    const version = String(db.prepare('select sqlite_version() as version').get()?.version)
    if (isOlder(version, floor)) throw new Error(`SQLite ${version} is older than ${floor}: this Node cannot keep the database safe`)
    // FULL: what was acknowledged survives a power cut. 64 pages of 4 KB would be too few for a feed, 8 MB is plenty for a club.
    db.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -8192; pragma temp_store = memory; pragma trusted_schema = off',
    )
    if (options.reader) db.exec('pragma query_only = on')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number))
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
