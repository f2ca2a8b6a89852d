import { existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import type { Log } from '#server/ports/log.ts'
import { openBlobs } from './ground/blobs.ts'

/** What the doctor finds of one part: undefined where nothing is to be said of it. */
export type Sight = { part: string; isWell: boolean; text: string }

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

/** Looks at the parts that the configuration names, without changing anything in them. */
export async function lookAtParts(config: Config): Promise<Sight[]> {
  return [
    await sightOf('database', () => lookAtRows(config)),
    await sightOf('redis', () => lookAtRedis(config)),
    await sightOf('blobs', () => lookAtBlobs(config)),
  ]
}

async function sightOf(part: string, look: () => Promise<string>): Promise<Sight> {
  try {
    return { part, isWell: true, text: await look() }
  } catch (error) {
    return { part, isWell: false, text: error instanceof Error ? error.message : String(error) }
  }
}

async function lookAtRows(config: Config): Promise<string> {
  const { url, replicas } = config.database
  if (url === '' || url.startsWith('sqlite:')) {
    const { database } = pathsOf(config)
    if (!existsSync(database)) return `SQLite ${process.versions.sqlite}; ${database} will be made at the first start`
    const { openSqliteMigrations } = await import('#server/adapters/database/sqlite/sqlite-migrations.ts')
    using engine = openSqliteMigrations(database)
    const [row] = await engine.all('pragma quick_check(1)')
    const verdict = String(Object.values(row ?? {})[0])
    if (verdict !== 'ok') throw new Error(`${database} is damaged (${verdict}): restore the last backup (matinee restore)`)
    return `SQLite ${process.versions.sqlite}; ${database} is whole`
  }
  const { openMysqlMigrations } = await import('#server/adapters/database/mysql/mysql-migrations.ts')
  const versions: string[] = []
  for (const address of [url, ...replicas]) {
    await using engine = await openMysqlMigrations(address)
    const [row] = await engine.all('select version() as version')
    versions.push(`${new URL(address).host} ${String(row?.version)}`)
  }
  return versions.join(', ')
}

async function lookAtRedis(config: Config): Promise<string> {
  if (config.redis.url === '') return 'none: everything stays in one process'
  const { RedisLine } = await import('#server/adapters/redis/line.ts')
  const { systemClock } = await import('#server/adapters/clock/system-clock.ts')
  const line = new RedisLine({ url: config.redis.url, name: 'matinee-doctor', clock: systemClock, log: silent })
  try {
    await line.whenUp(3000)
    const info = String(await line.send(['INFO', 'server']))
    return `${new URL(config.redis.url).host}, Redis ${/redis_version:(\S+)/.exec(info)?.[1] ?? 'of unknown version'}`
  } finally {
    await line.close()
  }
}

async function lookAtBlobs(config: Config): Promise<string> {
  const { systemClock } = await import('#server/adapters/clock/system-clock.ts')
  const blobs = await openBlobs({ config: config.blobs, folder: pathsOf(config).blobs, clock: systemClock, log: silent })
  try {
    const name = `doctor/${randomBytes(8).toString('hex')}`
    const bytes = randomBytes(1000)
    await blobs.write(name, one(bytes))
    const read = Buffer.concat(await Array.fromAsync(blobs.read(name)))
    await blobs.delete([name])
    if (!read.equals(bytes)) throw new Error('what was written is not what is read: this store must not be used')
    return config.blobs.kind === 'disk' ? pathsOf(config).blobs : `${config.blobs.s3.endpoint}, bucket ${config.blobs.s3.bucket}`
  } finally {
    await blobs.close()
  }
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
