import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Md5 } from './md5.ts'

const known = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

test('the digests of RFC 1321 come out', () => {
  const of = (text: string) => new Md5().update(new TextEncoder().encode(text)).hex()
  expect(of('')).toBe('d41d8cd98f00b204e9800998ecf8427e')
  expect(of('abc')).toBe('900150983cd24fb0d6963f7d28e17f72')
  expect(of('message digest')).toBe('f96b697d7cb7938d525a2f31aaf161d0')
})

test('however bytes are cut into pieces, the digest is that of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (pieces) => {
      const md5 = new Md5()
      for (const piece of pieces) md5.update(piece)
      expect(md5.hex()).toBe(known(Buffer.concat(pieces)))
    }),
  )
})

test('every length around the edges of a group is padded right', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = randomBytes(length)
    expect(new Md5().update(bytes).hex()).toBe(known(bytes))
  }
})
