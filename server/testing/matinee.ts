import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openSqliteMigrations } from '#server/adapters/database/sqlite/sqlite-migrations.ts'
import type { Features } from '#server/compose/features.ts'
import type { Config, RoleName } from '#server/config/keys.ts'
import { loadConfig, pathsOf } from '#server/config/load.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import type { Injected, Injection } from '#server/http/inject.ts'
import type { Route } from '#server/http/route.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { openHouse } from '#server/roles/open-house.ts'
import { replicasCaughtUp, settingsForHouse } from './distributed-ground.ts'
import type { Ground } from './grounds.ts'

export type TestMatinee = {
  /** Calls as from outside, through every layer, without a port. */
  inject(injection: Injection): Promise<Injected>
  /** Listens at a free port of loopback from the first reading on. */
  url(): Promise<string>
  folder: string
  features: Features
  routes: readonly Route[]
} & AsyncDisposable

export type TestOptions = {
  set?: Record<string, string>
  /** Roles that nobody plays, not even another process. */
  without?: readonly RoleName[]
  /** Hash passwords as in earnest; else for next to nothing, for people come in in nearly every test. */
  dearPasswords?: boolean
  clock?: Clock
  log?: Log
  /** Which FFmpeg makes films here, as it would say itself. */
  ffmpegVersion?: () => Promise<string>
  folder?: string
}

/** A crowded machine lets a Redis that is well wait longer than a house is patient for: what a sick one does is tried at its line. */
const patientMs = 2500

const nextToNothing = { memory: 8, passes: 1, parallelism: 1 }

/** A whole Matinee for a test, with rows and files of its own, gone with the test. */
export async function startMatinee(mode: Ground, options: TestOptions = {}): Promise<TestMatinee> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'matinee-house-')))
  const { clock, log = silent, set = {}, without = [] } = options
  const whole = await configFor(mode, folder, set)
  if (mode === 'embedded') await layTables(pathsOf(whole).database)
  const config = { ...whole, roles: whole.roles.filter((role) => !without.includes(role)) }
  const house = await openHouse({
    config: () => config,
    log,
    ...(clock ? { clock } : {}),
    ffmpegVersion: options.ffmpegVersion,
    redisSlowMs: patientMs,
    ...(options.dearPasswords ? {} : { passwordCost: nextToNothing }),
  })
  return {
    folder,
    features: house.features,
    routes: house.http.routes,
    async inject(injection) {
      if (mode === 'distributed') await replicasCaughtUp()
      return house.http.inject(injection)
    },
    async url() {
      if (!house.http.address) await house.listen()
      return `http://127.0.0.1:${house.http.address?.port}`
    },
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function configFor(mode: Ground, folder: string, set: Record<string, string>): Promise<Config> {
  const parts = mode === 'distributed' ? await settingsForHouse() : {}
  const flags = { dataDir: folder, 'http.port': '0', 'http.host': '127.0.0.1', ...parts, ...set }
  return loadConfig({ file: undefined, environment: {}, flags: new Map(Object.entries(flags)) })
}

let laid: Promise<string> | undefined

/** Tables are made once a process and copied: each statement of a migration waits for the disk. That they are made is tried by tests of their own. */
async function layTables(path: string): Promise<void> {
  if (existsSync(path)) return
  laid ??= (async () => {
    const template = join(await mkdtemp(join(tmpdir(), 'matinee-tables-')), 'matinee.sqlite')
    using engine = openSqliteMigrations(template)
    await migrate(engine, { migrations })
    await engine.run('pragma journal_mode = delete')
    return template
  })()
  const template = await laid
  await mkdir(dirname(path), { recursive: true })
  await copyFile(template, path, constants.COPYFILE_FICLONE)
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }
