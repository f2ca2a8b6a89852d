import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { SealKeys } from './sealed.ts'
import { openStream, sealStream } from './sealed-stream.ts'

const block = 64 << 10
const keys: SealKeys = [{ id: 'a1', key: randomBytes(32) }]
const about = 'backup:2026-11-21'

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(source))
}

const sealed = (bytes: Uint8Array, size = 10_007) => gather(sealStream(keys, about, inPieces(bytes, size)))
const opened = (bytes: Uint8Array, size = 33_333, thing = about, by: SealKeys = keys) =>
  gather(openStream(by, thing, inPieces(bytes, size)))

describe('a sealed stream', () => {
  test.each([0, 1, block - 1, block, block + 1, 3 * block, 1_000_000])('of %i bytes opens as it was, however it arrives', async (size) => {
    const bytes = randomBytes(size)
    const envelope = await sealed(bytes)
    for (const pieces of [7_000_000, 65_537, 1021]) expect((await opened(envelope, pieces)).equals(bytes)).toBe(true)
    expect(envelope.byteLength - size).toBeLessThan(100 + 16 * (1 + size / block))
  })

  test('finds blocks that were changed, left out, exchanged, repeated or cut off', async () => {
    const bytes = randomBytes(4 * block + 100)
    const envelope = await sealed(bytes)
    const start = 7 + 1 + 2 + 32
    const at = (n: number) => start + n * (block + 16)
    const part = (from: number, to: number) => envelope.subarray(at(from), to === 5 ? envelope.byteLength : at(to))
    const head = envelope.subarray(0, start)
    const spoiled = [
      Buffer.concat([head, part(1, 5)]),
      Buffer.concat([head, part(1, 2), part(0, 1), part(2, 5)]),
      Buffer.concat([head, part(0, 1), part(0, 5)]),
      Buffer.concat([head, part(0, 4)]),
      Buffer.concat([head, part(0, 3)]),
      envelope.subarray(0, -1),
      envelope.subarray(0, start),
      envelope.subarray(0, 20),
      Buffer.concat([envelope, Buffer.from([0])]),
      Buffer.alloc(0),
      Buffer.from('a plain dump of the database, long enough to have had a header'),
    ]
    for (const position of [0, 8, 12, start + 5, at(2) + 99, envelope.byteLength - 1]) {
      const changed = Buffer.from(envelope)
      changed.writeUInt8(changed.readUInt8(position) ^ 1, position)
      spoiled.push(changed)
    }
    for (const wrong of spoiled) await expect(opened(wrong)).rejects.toThrow(/sealed\.(broken|other_key)/)
  })

  test('opens only about what it was sealed, and by its key', async () => {
    const envelope = await sealed(randomBytes(100))
    await expect(opened(envelope, 100, 'backup:another')).rejects.toThrow('sealed.broken')
    await expect(opened(envelope, 100, about, [{ id: 'a1', key: randomBytes(32) }])).rejects.toThrow('sealed.broken')
    await expect(opened(envelope, 100, about, [{ id: 'b2', key: randomBytes(32) }])).rejects.toMatchObject({
      code: 'sealed.other_key',
      params: { id: 'a1' },
    })
    expect((await opened(envelope, 100, about, [{ id: 'b2', key: randomBytes(32) }, ...keys])).byteLength).toBe(100)
  })
})
