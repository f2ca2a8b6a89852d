import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildManifest, OpenRenderer, PageRenderer } from '#shared/page.ts'
import { openWebFiles, type WebFiles } from './web-files.ts'

/** What `npm run build` has made: the browser's files below `web`, the renderer of the same pages in `web-server`. */
export async function openWebBuild(folder: string): Promise<{ renderer: PageRenderer; files: WebFiles }> {
  const [manifest, files, entry] = await Promise.all([
    readFile(join(folder, 'web', 'manifest.json'), 'utf8'),
    openWebFiles(join(folder, 'web')),
    import(pathToFileURL(join(folder, 'web-server', 'entry-server.js')).href) as Promise<{ openRenderer: OpenRenderer }>,
  ])
  return { renderer: entry.openRenderer(JSON.parse(manifest) as BuildManifest), files }
}
