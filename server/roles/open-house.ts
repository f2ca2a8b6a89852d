import { openParts } from '#server/compose/parts.ts'
import type { Config } from '#server/config/keys.ts'
import { createHttp, type Http } from '#server/http/create-http.ts'
import { withViewerScope } from '#server/lib/viewer-scope.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { httpSettings } from './http-settings.ts'
import type { Doors, Role } from './role.ts'

const roles: Record<Config['roles'][number], () => Promise<Role>> = {
  api: async () => (await import('./api.ts')).api,
  upload: async () => (await import('./upload.ts')).upload,
  stream: async () => (await import('./stream.ts')).stream,
  realtime: async () => (await import('./realtime.ts')).realtime,
  worker: async () => (await import('./worker.ts')).worker,
  scheduler: async () => (await import('./scheduler.ts')).scheduler,
}

/** Whoever is connected has so long to leave. */
const drainMs = 8_000

/** A running Matinee: the chosen roles over one set of parts. */
export type House = { http: Http; log: Log; listen(): Promise<void> } & AsyncDisposable

export async function openHouse(given: { config: () => Config; clock?: Clock; log?: Log }): Promise<House> {
  await using opened = new AsyncDisposableStack()
  // Pages speak to the API through the same server that carries them: it stands by the time the first page is asked for.
  const server = Promise.withResolvers<Http>()
  const callApi = async (call: Parameters<Http['inject']>[0]) => (await server.promise).inject(call)
  const parts = opened.use(await openParts({ ...given, callApi }))
  const { ground, features } = parts
  const doors: Doors[] = []
  for (const name of parts.config().roles) {
    const door = await (await roles[name]())(features, parts)
    doors.push(door)
    opened.defer(() => door.close?.())
  }
  const http = await createHttp({
    routes: doors.flatMap(({ routes = [] }) => routes),
    authenticate: features.sessions.authenticate,
    cache: ground.cache,
    limiter: ground.limiter,
    clock: ground.clock,
    log: ground.log,
    settings: httpSettings(parts.config, parts.secrets, () => features.settings.current()),
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
  return { http, log: ground.log, listen: () => http.listen(), [Symbol.asyncDispose]: () => closing.disposeAsync() }
}
