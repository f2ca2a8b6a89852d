import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Opens the house at argv[2] on an empty folder and says, as JSON, what is wrong with its table of routes. */
const root = process.argv[2] ?? '.'
const bring = (path: string): Promise<Record<string, (...args: unknown[]) => unknown>> => import(pathToFileURL(join(root, path)).href)
const { loadConfig } = await bring('server/config/load.ts')
const { openHouse } = await bring('server/roles/open-house.ts')
const { checkRoutes } = await bring('server/http/routes-check.ts')
const folder = await mkdtemp(join(tmpdir(), 'matinee-routes-'))
try {
  const flags = new Map([
    ['dataDir', folder],
    ['log.level', 'error'],
  ])
  const config = loadConfig?.({ file: undefined, environment: {}, flags })
  const house = (await openHouse?.({ config: () => config })) as { http: { routes: unknown[] } } & AsyncDisposable
  console.log(JSON.stringify({ routes: house.http.routes.length, complaints: checkRoutes?.(house.http.routes) }))
  await house[Symbol.asyncDispose]()
} finally {
  await rm(folder, { recursive: true, force: true })
}
