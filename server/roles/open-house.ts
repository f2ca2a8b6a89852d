import { openLog, openSystemClock } from '#server/compose/begin.ts'
import { type Features, openFeatures } from '#server/compose/features.ts'
import { openGround } from '#server/compose/ground/ground.ts'
import type { Config, RoleName } from '#server/config/keys.ts'
import { pathsOf } from '#server/config/load.ts'
import { openSecrets } from '#server/config/secrets.ts'
import { createHttp, type Http } from '#server/http/create-http.ts'
import { createJobs, type StartedJobs } from '#server/jobs/jobs.ts'
import { withViewerScope } from '#server/lib/viewer-scope.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { httpSettings } from './http-settings.ts'
import type { Doors, Role } from './role.ts'

/** Each is loaded only where it is chosen. */
const roles: Record<RoleName, () => Promise<Role>> = {
  api: async () => (await import('./api.ts')).api,
  upload: async () => (await import('./upload.ts')).upload,
  stream: async () => (await import('./stream.ts')).stream,
  realtime: async () => (await import('./realtime.ts')).realtime,
  worker: async () => (await import('./worker.ts')).worker,
  scheduler: async () => (await import('./scheduler.ts')).scheduler,
}

/** Whoever is connected has so long to leave. */
const drainMs = 8_000
/** Tasks under way have so long to end; then they are given back. */
const patienceMs = 5_000

/** A running Matinee: the chosen roles over one set of parts. */
export type House = { http: Http; log: Log; features: Features; listen(): Promise<void> } & AsyncDisposable

export type HouseParts = { config: () => Config; clock?: Clock; log?: Log }

/** From the ground up: parts, tasks, features, then the doors of the roles. What is opened is closed in reverse. */
export async function openHouse({ config, ...given }: HouseParts): Promise<House> {
  await using opened = new AsyncDisposableStack()
  const clock = given.clock ?? (await openSystemClock())
  const log = given.log ?? opened.adopt(await openLog(config()), (made) => made.flush())
  const secrets = openSecrets(pathsOf(config()).secrets)
  const ground = opened.use(await openGround({ config, clock, log }))
  const jobs = createJobs({ db: ground.db, queue: ground.queue, clock, log, timeZone: localZone() })
  // Pages speak to the API through the same server that carries them: it stands by the time the first page is asked for.
  const server = Promise.withResolvers<Http>()
  const callApi = async (call: Parameters<Http['inject']>[0]) => (await server.promise).inject(call)
  let started: StartedJobs | undefined
  const desk = () => started?.overview ?? notYet()
  const features = opened.use(await openFeatures({ config, ground: { ...ground, db: jobs.db }, secrets, tasks: jobs.tasks, desk, callApi }))
  for (const declared of features.jobs) jobs.declare(declared)
  const names = config().roles
  const working = jobs.start({ roles: names.filter((name) => name === 'worker' || name === 'scheduler') })
  started = working
  opened.defer(() => working.drain({ patienceMs }))
  const doors: Doors[] = []
  for (const name of names) {
    const door = await (await roles[name]())(features, { ground, config })
    doors.push(door)
    opened.defer(() => door.close?.())
  }
  const http = await createHttp({
    routes: doors.flatMap(({ routes = [] }) => routes),
    authenticate: features.sessions.authenticate,
    cache: ground.cache,
    limiter: ground.limiter,
    clock,
    log,
    settings: httpSettings(config, secrets, () => features.settings.current()),
    probes: ground.probes,
    scope: (viewer, work) =>
      withViewerScope({ key: viewer.kind === 'person' ? viewer.accountId : viewer.address, wroteAtMs: undefined }, work),
    ...(features.site ? { problemPage: features.site.problemPage } : {}),
  })
  server.resolve(http)
  for (const { onUpgrade } of doors) if (onUpgrade) http.onUpgrade(onUpgrade)
  opened.defer(async () => {
    http.readiness.beginDraining()
    await Promise.all([http.close(), ...doors.map(({ drain }) => drain?.(drainMs))])
  })
  const closing = opened.move()
  return { http, log, features, listen: () => http.listen(), [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

const notYet = (): never => {
  throw new Error('tasks are asked about before they have begun')
}

const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
