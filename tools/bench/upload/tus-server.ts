import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'

// @tus/server on its file store: as its guide has it, or (`checked`) with the digests and the syncs that Matinee makes.

type Store = { write(readable: Readable, id: string, offset: number): Promise<number> }
type StoreClass = new (options: { directory: string }) => Store
type ServerClass = new (options: object) => { handle(request: IncomingMessage, response: ServerResponse): Promise<void> }

const load = async <T>(name: string) =>
  (await import(pathToFileURL(createRequire(join(import.meta.dirname, '../package.json')).resolve(name)).href)) as T
const { Server } = await load<{ Server: ServerClass }>('@tus/server')
const { FileStore } = await load<{ FileStore: StoreClass }>('@tus/file-store')
const [, , directory = '', manner = ''] = process.argv

class CheckedStore extends FileStore {
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const digests = [createHash('md5'), createHash('sha256')]
    const hashing = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        for (const digest of digests) digest.update(chunk)
        done(null, chunk)
      },
    })
    const written = await super.write(readable.pipe(hashing), id, offset)
    for (const digest of digests) digest.digest()
    await using file = await open(join(directory, id), 'r+')
    await file.datasync()
    return written
  }
}

const datastore = manner === 'checked' ? new CheckedStore({ directory }) : new FileStore({ directory })
const tus = new Server({ path: '/files', datastore })
const http = createServer((request, response) => void tus.handle(request, response))
http.listen(0, '127.0.0.1', () => console.log(`listening on ${(http.address() as AddressInfo).port}`))
