import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UploadFailure } from './failure.ts'
import type { Hashes } from './hashes.ts'
import { type Memory, parse, type Remembered } from './memory.ts'
import type { Source } from './source.ts'

/** A file on this machine's disk, open until it is disposed of. */
export async function fromPath(path: string): Promise<Source & AsyncDisposable> {
  const file = await open(path)
  const { size } = await file.stat()
  return {
    name: basename(path),
    size,
    async read({ start, end }) {
      const bytes = new Uint8Array(end - start)
      let length = 0
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, start + length)
        if (bytesRead === 0) throw new UploadFailure('changed', `${path} has become shorter.`)
        length += bytesRead
      }
      return bytes
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

const pieceBytes = 4 * 1024 * 1024

/** By OpenSSL, which Node brings. */
export const nodeHashes: Hashes = {
  block: (bytes) => Promise.resolve(createHash('md5').update(bytes).digest('hex')),
  async whole(source, signal) {
    const md5 = createHash('md5')
    for (let start = 0; start < source.size; start += pieceBytes) {
      signal.throwIfAborted()
      md5.update(await source.read({ start, end: Math.min(source.size, start + pieceBytes) }))
    }
    return md5.digest('hex')
  },
}

/** One small file an upload, readable to its owner alone: the addresses in it let anybody send. */
export function memoryInFolder(folder: string): Memory {
  const at = (fingerprint: string) => join(folder, `${fingerprint.replace(/[^\w-]/g, '')}.json`)
  const read = async (path: string): Promise<Remembered | undefined> => {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    return text === undefined ? undefined : parse(text)
  }
  return {
    find: (fingerprint) => read(at(fingerprint)),
    async keep(upload) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = at(upload.fingerprint)
      // A crash leaves the old note or the new one, never half of one.
      await writeFile(`${path}.new`, JSON.stringify(upload), { mode: 0o600 })
      await rename(`${path}.new`, path)
    },
    forget: (fingerprint) => rm(at(fingerprint), { force: true }),
    async list() {
      const names = await readdir(folder).catch(() => [])
      const kept = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => read(join(folder, name))))
      return kept.filter((upload) => upload !== undefined)
    },
  }
}
