import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CallApi, Framing, Site } from '#server/features/site/index.ts'
import type { Log } from '#server/ports/log.ts'

const built = fileURLToPath(new URL('../../dist', import.meta.url))

/** The pages, where the web app has been built; without them the API stands alone. */
export async function openSite(parts: { callApi: CallApi; framing: Framing; log: Log }): Promise<Site | undefined> {
  if (!existsSync(join(built, 'web', 'manifest.json'))) {
    parts.log.warn('site.not_built', { remedy: 'npm run build' })
    return undefined
  }
  const { createSite, openWebBuild } = await import('#server/features/site/index.ts')
  const { renderer, files } = await openWebBuild(built)
  return createSite({ renderer, files, callApi: parts.callApi, framing: parts.framing })
}
