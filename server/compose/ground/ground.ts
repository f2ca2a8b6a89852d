import { hostname } from 'node:os'
import { createBusLive } from '#server/adapters/live/bus-live.ts'
import { openBusPresence } from '#server/adapters/live/bus-presence.ts'
import { createSqlRepeats } from '#server/adapters/repeats/sql-repeats.ts'
import type { Config } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import type { Database } from '#server/database/database.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Live, PresenceKeeper } from '#server/ports/live.ts'
import type { Limiter } from '#server/ports/limiter.ts'
import type { Locks } from '#server/ports/locks.ts'
import type { Log } from '#server/ports/log.ts'
import type { Mail } from '#server/ports/mail.ts'
import type { Queue } from '#server/ports/queue.ts'
import type { Repeats } from '#server/ports/repeats.ts'
import { newId } from '#server/lib/id.ts'
import { openBlobs } from './blobs.ts'
import { openRows, type Rows } from './database.ts'
import { openMail } from './mail.ts'
import { openMemory } from './memory.ts'
import type { Probes } from './probes.ts'

/** Everything that we ask of the world, answered. Nothing beyond compose/ knows by whom. */
export type Ground = {
  clock: Clock
  log: Log
  db: Database
  queue: Queue
  bus: Bus
  live: Live
  presence: PresenceKeeper
  cache: Cache
  locks: Locks
  limiter: Limiter
  repeats: Repeats
  blobs: Blobs
  mail: Mail
  probes: Probes
  replicas: Rows['replicas']
}

export type GroundParts = {
  config: () => Config
  clock: Clock
  log: Log
  /** From when on a Redis that owes an answer is taken for sick; without, as the line has it. */
  redisSlowMs?: number | undefined
}

/** Opens one adapter a port, as the configuration says; only what is chosen is loaded. Closing ends them in reverse. */
export async function openGround({ config, clock, log, redisSlowMs }: GroundParts): Promise<Ground & AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const first = config()
  const paths = pathsOf(first)
  const name = `${hostname()}-${process.pid}`
  const rows = opened.use(await openRows({ config, log }))
  const shared = opened.use(await openMemory({ config: first, db: rows.db, clock, log, name, redisSlowMs }))
  await rows.shareOver(shared.bus)
  const live = createBusLive(shared)
  const presence = await openBusPresence({ bus: shared.bus, clock, node: newId(clock.now()) })
  opened.defer(() => presence.close())
  const blobs = await openBlobs({ config: first.blobs, folder: paths.blobs, clock, log })
  opened.defer(() => blobs.close())
  const mail = await openMail(config)
  opened.defer(() => mail.close())
  const closing = opened.move()
  const { bus, cache, locks, limiter, queue } = shared
  const probes: Probes = {
    database: async () => void (await rows.db.primary.selectFrom('account').select('id').limit(1).execute()),
    blobs: async () => void (await blobs.find('ready')),
    ...shared.probes,
  }
  return {
    clock,
    log,
    db: rows.db,
    bus,
    live,
    presence,
    cache,
    locks,
    limiter,
    repeats: createSqlRepeats({ db: rows.db.pick(), clock }),
    queue,
    blobs,
    mail,
    probes,
    replicas: rows.replicas,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}
