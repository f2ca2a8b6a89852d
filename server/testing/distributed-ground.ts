import { type MariadbPart, openMariadb } from './parts/mariadb.ts'
import { openRedis, type RedisPart } from './parts/redis.ts'
import { openS3, type S3Part } from './parts/s3.ts'

export type DistributedGround = { mariadb: MariadbPart; redis: RedisPart; s3: S3Part } & AsyncDisposable

const redisPassword = 'usher'

/** MariaDB with a replica, Redis and an S3 server, of one's own. */
export async function openDistributedGround(): Promise<DistributedGround> {
  await using opened = new AsyncDisposableStack()
  const mariadb = opened.use(await openMariadb({ replica: true, inMemory: true }))
  const redis = opened.use(await openRedis({ password: redisPassword }))
  const s3 = opened.use(await openS3())
  const closing = opened.move()
  return { mariadb, redis, s3, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

type Asked = { ask(sql: string): Promise<string> }
let lines: Promise<{ primary: Asked; replicas: Asked[] }> | undefined
let caughtUp = ''

/**
 * Resolves when the replicas of the shared ground have what was written until now: what others read of it is no matter of luck then. What holds while
 * they lag is tried on grounds of their own, whose replicas are stopped.
 */
export async function replicasCaughtUp(): Promise<void> {
  if (!shared) return
  const { mariadb } = await shared
  lines ??= (async () => {
    const [primary, ...replicas] = await Promise.all([mariadb, ...mariadb.replicas].map(({ url }) => openAsked(url)))
    return { primary: primary as Asked, replicas }
  })()
  const { primary, replicas } = await lines
  const place = await primary.ask('select @@gtid_binlog_pos')
  if (place === caughtUp) return
  const waited = await Promise.all(replicas.map((replica) => replica.ask(`select master_gtid_wait('${place}', 60)`)))
  if (waited.some((answer) => answer !== '0')) throw new Error('A replica does not catch up.')
  caughtUp = place
}

async function openAsked(url: string): Promise<Asked> {
  const { createConnection } = await import('mysql2/promise')
  const connection = await createConnection({ uri: url, rowsAsArray: true })
  return {
    async ask(sql) {
      const [rows] = await connection.query(sql)
      return String((rows as unknown[][])[0]?.[0])
    },
  }
}

let shared: Promise<DistributedGround> | undefined
let houses = 0

/** The same for all tests of this process; it ends with it. */
function sharedGround(): Promise<DistributedGround> {
  shared ??= openDistributedGround()
  return shared
}

/** Keys of the configuration for a house that shares the servers with others and nothing else. */
export async function settingsForHouse(ground?: DistributedGround): Promise<Record<string, string>> {
  const { mariadb, redis, s3 } = ground ?? (await sharedGround())
  const name = `house_${process.pid}_${houses++}`
  await mariadb.root(`create database ${name} character set utf8mb4 collate utf8mb4_bin`, `grant all on ${name}.* to 'matinee'@'%'`)
  const at = (address: string) => Object.assign(new URL(address), { pathname: `/${name}` }).href
  return {
    'database.url': at(mariadb.url),
    'database.replicas': mariadb.replicas.map(({ url }) => at(url)).join(','),
    'redis.url': Object.assign(new URL(redis.url), { password: redisPassword }).href,
    'redis.prefix': name,
    'blobs.kind': 's3',
    'blobs.s3.endpoint': s3.endpoint,
    'blobs.s3.region': s3.region,
    'blobs.s3.bucket': s3.bucket,
    'blobs.s3.accessKey': s3.accessKey,
    'blobs.s3.secretKey': s3.secretKey,
  }
}
