import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { broken, checkKeys, otherKey, type SealKeys } from './sealed.ts'

/*
 * Big secrets, such as backups: a header, then blocks, each sealed by itself, so that neither side holds more than one of them.
 *   header  "MSEAL1\n", length of the key's name (1), its name, salt (32)
 *   block   ciphertext (64 KiB, the last one less or nothing), tag (16)
 * The key of a stream is derived from the named key, the salt and `about`. A block's nonce is its number and whether it is the last: blocks that are
 * left out, exchanged, repeated or cut off at the end are found.
 */
const magic = Buffer.from('MSEAL1\n')
const saltBytes = 32
const tagBytes = 16
const blockBytes = 64 << 10
const cipher = 'aes-256-gcm'

export async function* sealStream(keys: SealKeys, about: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const [{ id, key }] = checkKeys(keys)
  const salt = randomBytes(saltBytes)
  const streamKey = derive(key, salt, about)
  yield Buffer.concat([magic, Buffer.from([id.length]), Buffer.from(id), salt])
  let number = 0
  for await (const { bytes, isLast } of inBlocks(source, blockBytes)) {
    const sealing = createCipheriv(cipher, streamKey, toNonce(number++, isLast))
    yield Buffer.concat([sealing.update(bytes), sealing.final(), sealing.getAuthTag()])
  }
}

/** What has been yielded is genuine; that nothing is missing at its end is known when the iteration ends without an error. */
export async function* openStream(keys: SealKeys, about: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const opened = await readHeader(source[Symbol.asyncIterator]())
  const named = checkKeys(keys).find(({ id }) => id === opened.id)
  if (!named) throw otherKey(opened.id)
  const streamKey = derive(named.key, opened.salt, about)
  let number = 0
  for await (const { bytes, isLast } of inBlocks(opened.rest, blockBytes + tagBytes)) {
    if (bytes.byteLength < tagBytes) throw broken()
    const opening = createDecipheriv(cipher, streamKey, toNonce(number++, isLast), { authTagLength: tagBytes })
    opening.setAuthTag(bytes.subarray(-tagBytes))
    let block: Buffer
    try {
      block = Buffer.concat([opening.update(bytes.subarray(0, -tagBytes)), opening.final()])
    } catch (cause) {
      throw broken(cause)
    }
    if (block.byteLength > 0) yield block
  }
}

function derive(key: Uint8Array, salt: Uint8Array, about: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `sealed stream: ${about}`, 32))
}

function toNonce(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(number), 0)
  nonce.writeUInt8(isLast ? 1 : 0, 11)
  return nonce
}

/** Full blocks, then the last one, which may be empty. One is held back until it is known whether it is the last. */
async function* inBlocks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let held: Uint8Array[] = []
  let heldBytes = 0
  for await (const chunk of source) {
    held.push(chunk)
    heldBytes += chunk.byteLength
    if (heldBytes <= size) continue
    const whole = Buffer.concat(held, heldBytes)
    let at = 0
    for (; whole.byteLength - at > size; at += size) yield { bytes: whole.subarray(at, at + size), isLast: false }
    held = [whole.subarray(at)]
    heldBytes = whole.byteLength - at
  }
  yield { bytes: Buffer.concat(held, heldBytes), isLast: true }
}

async function readHeader(source: AsyncIterator<Uint8Array>): Promise<{ id: string; salt: Buffer; rest: AsyncIterable<Uint8Array> }> {
  let read = Buffer.alloc(0)
  const need = async (size: number) => {
    while (read.byteLength < size) {
      const next = await source.next()
      if (next.done) throw broken()
      read = Buffer.concat([read, next.value])
    }
  }
  await need(magic.byteLength + 1)
  if (!read.subarray(0, magic.byteLength).equals(magic)) throw broken()
  const idEnd = magic.byteLength + 1 + read.readUInt8(magic.byteLength)
  await need(idEnd + saltBytes)
  const id = read.subarray(magic.byteLength + 1, idEnd).toString('latin1')
  const salt = read.subarray(idEnd, idEnd + saltBytes)
  const begun = read.subarray(idEnd + saltBytes)
  async function* rest() {
    yield begun
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  }
  return { id, salt, rest: rest() }
}
