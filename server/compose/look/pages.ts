import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sight } from './sight.ts'

const checkout = fileURLToPath(new URL('../../..', import.meta.url))
const sources = ['web', 'shared', 'uploader']
const isTest = /[.](?:test|contract)[.]tsx?$/
const remedy = 'Stop Matinee and start it with npm start, which builds them, or run npm run build.'

/** The pages are there, and no older than what they are built from. */
export async function lookAtPages(root = checkout): Promise<Sight> {
  const part = 'pages'
  const builtMs = Math.max(await changedMs(join(root, 'dist/web/manifest.json')), await changedMs(join(root, 'dist/.matinee-web')))
  if (builtMs === 0) return { part, state: 'note', text: `are not built: only the API answers. ${remedy}` }
  const newestMs = Math.max(0, ...(await Promise.all(sources.map((folder) => newestBelow(join(root, folder))))))
  if (newestMs > builtMs) return { part, state: 'note', text: `are older than the program that answers them. ${remedy}` }
  return { part, state: 'fine', text: `built ${new Date(builtMs).toISOString()}` }
}

async function newestBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && !isTest.test(entry.name))
  return Math.max(0, ...(await Promise.all(files.map(({ parentPath, name }) => changedMs(join(parentPath, name))))))
}

/** 0 where there is nothing. */
async function changedMs(path: string): Promise<number> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}
