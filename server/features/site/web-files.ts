import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

export type Encoding = 'br' | 'gzip'

export type WebFile = {
  type: string
  /** The name holds the content's hash: whoever has it need never ask again. */
  isForEver: boolean
  etag: string
  plain: Buffer
  packed: Partial<Record<Encoding, Buffer>>
}

/** The files of the web app's build: few and small, so that they are held in memory once asked for. */
export type WebFiles = { find(path: string): Promise<WebFile | undefined> }

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
}

/** Names are looked up in the list made at the start: no path of a request ever reaches the disk. */
export async function openWebFiles(folder: string): Promise<WebFiles> {
  const names = new Set((await readdir(folder, { recursive: true })).map((name) => name.split(sep).join('/')))
  const held = new Map<string, Promise<WebFile>>()
  return {
    async find(path) {
      if (!names.has(path) || !(extname(path) in types)) return undefined
      let file = held.get(path)
      if (!file) {
        file = load(folder, path, names)
        file.catch(() => held.delete(path))
        held.set(path, file)
      }
      return await file
    },
  }
}

async function load(folder: string, path: string, names: ReadonlySet<string>): Promise<WebFile> {
  const read = (suffix: string) => (names.has(path + suffix) ? readFile(join(folder, path + suffix)) : undefined)
  const [plain, br, gzip] = await Promise.all([readFile(join(folder, path)), read('.br'), read('.gz')])
  return {
    type: types[extname(path)] ?? 'application/octet-stream',
    isForEver: path.startsWith('assets/'),
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    packed: { ...(br ? { br } : {}), ...(gzip ? { gzip } : {}) },
  }
}
