import type { Features } from '#server/compose/features.ts'
import type { RoleName } from '#server/config/keys.ts'
import { createHttp, type Http } from '#server/http/create-http.ts'
import type { StartedJobs } from '#server/jobs/jobs.ts'
import type { Log } from '#server/ports/log.ts'
import { type HouseParts, openBackstage } from './backstage.ts'
import { httpSettings } from './http-settings.ts'
import type { Doors, Role } from './role.ts'
import { everyRoute, messageRoutes } from './whole.ts'

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

/** From the ground up: parts, tasks, features, then the doors of the roles. What is opened is closed in reverse. */
export async function openHouse(given: HouseParts): Promise<House> {
  await using opened = new AsyncDisposableStack()
  const backstage = opened.use(await openBackstage(given))
  const { config, clock, log, secrets, ground, metrics, features } = backstage
  const names = config().roles
  const begun: { working?: StartedJobs } = {}
  opened.defer(() => begun.working?.drain({ patienceMs }))
  const doors: Doors[] = []
  for (const name of names) {
    const door = await (await roles[name]())(features, { ground, config })
    doors.push(door)
    opened.defer(() => door.close?.())
  }
  const describes = names.includes('api') || names.includes('realtime')
  const http = await createHttp({
    routes: [...doors.flatMap(({ routes = [] }) => routes), ...(describes ? messageRoutes(features, clock) : [])],
    described: () => everyRoute(features, clock),
    authenticate: features.sessions.authenticate,
    cache: ground.cache,
    limiter: ground.limiter,
    repeats: ground.repeats,
    clock,
    log,
    settings: httpSettings(config, secrets, () => features.settings.current()),
    probes: ground.probes,
    metrics,
    ...(features.site ? { problemPage: features.site.problemPage } : {}),
  })
  backstage.serves(http)
  // Last of all: who waits for the door to open waits for no task.
  begun.working = backstage.begin(names.filter((name) => name === 'worker' || name === 'scheduler'))
  for (const { onUpgrade } of doors) if (onUpgrade) http.onUpgrade(onUpgrade)
  opened.defer(async () => {
    http.readiness.beginDraining()
    await Promise.all([http.close(), ...doors.map(({ drain }) => drain?.(drainMs))])
  })
  const closing = opened.move()
  return { http, log, features, listen: () => http.listen(), [Symbol.asyncDispose]: () => closing.disposeAsync() }
}
