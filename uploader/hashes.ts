import { Md5 } from './md5.ts'
import type { Source } from './source.ts'

/** MD5 in hex. The protocol wants it of every block; of the whole it is told at the end, where it can be had. */
export type Hashes = {
  block(bytes: Uint8Array<ArrayBuffer>): Promise<string>
  whole?(source: Source, signal: AbortSignal): Promise<string>
}

const pieceBytes = 4 * 1024 * 1024

/** On the caller's own thread: for where there are no workers. */
export const plainHashes: Hashes = {
  block: (bytes) => Promise.resolve(new Md5().update(bytes).hex()),
  async whole(source, signal) {
    const md5 = new Md5()
    for (let start = 0; start < source.size; start += pieceBytes) {
      signal.throwIfAborted()
      md5.update(await source.read({ start, end: Math.min(source.size, start + pieceBytes) }))
    }
    return md5.hex()
  },
}
