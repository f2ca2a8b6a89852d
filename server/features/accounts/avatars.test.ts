import sharp from 'sharp'
import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { grounds, soon } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, join, type Visitor } from '#server/testing/visitors.ts'
import { drawSquares } from './pictures.ts'

const plain = (width: number, height: number, background: string) => sharp({ create: { width, height, channels: 3, background } })
const send = (person: Visitor, bytes: Uint8Array | string, query = '') =>
  person.call('PUT', `/api/me/avatar${query}`, bytes, { 'content-type': 'image/png' })
const sizes = [64, 192, 512]

describe.each(grounds.list)('a picture, %s', (mode) => {
  test('is drawn anew in three sizes, at addresses that change with it', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    const stranger = callAs(matinee)
    const shown = async (bytes: Buffer) => {
      const answer = await send(person, bytes)
      expect(answer.status).toBe(200)
      return (answer.json as { avatar: Record<'small' | 'medium' | 'large', string> }).avatar
    }
    const red = await shown(await plain(800, 600, 'red').jpeg().toBuffer())
    expect(((await stranger('GET', '/user/alice')).json as { avatar: unknown }).avatar).toEqual(red)
    for (const [i, address] of [red.small, red.medium, red.large].entries()) {
      const { status, bytes, headers } = await stranger('GET', address)
      expect([status, headers['content-type'], headers['cache-control']]).toEqual([
        200,
        'image/webp',
        'public, max-age=31536000, immutable',
      ])
      expect(headers['content-security-policy']).toMatch(/sandbox/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: sizes[i], height: sizes[i] })
    }
    const blue = await shown(await plain(300, 300, 'blue').png().toBuffer())
    expect(blue.small).not.toBe(red.small)
    const now = await stranger('GET', '/user/alice/avatar'.replace('/user', '/api/user'))
    expect((await sharp(now.bytes).stats()).dominant).toMatchObject({ r: 8, g: 8, b: 248 })
    expect((await person.call('DELETE', '/api/me/avatar')).status).toBe(204)
    expect(codeOf(await stranger('GET', '/api/user/alice/avatar'))).toBe('avatar.not_found')
    expect(((await stranger('GET', '/user/alice')).json as { avatar: unknown }).avatar).toBeNull()
  })

  test('goes with its account', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    const { avatar } = (await send(person, await plain(64, 64, 'red').png().toBuffer())).json as { avatar: { small: string } }
    await person.call('DELETE', '/user/alice')
    await expect.poll(async () => (await callAs(matinee)('GET', avatar.small)).status).toBe(404)
  })

  test('no file is had by another address', async () => {
    await using matinee = await startMatinee(mode)
    for (const file of [
      '../../secrets.json',
      '..%2f..%2fsecrets.json',
      'x-y-64.webp',
      `${'0'.repeat(20)}-${'0'.repeat(16)}-65.webp`,
      `${'0'.repeat(20)}-${'0'.repeat(16)}-64.png`,
    ]) {
      expect([400, 404], file).toContain((await callAs(matinee)('GET', `/api/avatars/${file}`)).status)
    }
    expect((await callAs(matinee)('GET', `/api/avatars/${'0'.repeat(20)}-${'0'.repeat(16)}-64.webp`)).status).toBe(404)
  })
})

describe('what is sent as a picture', () => {
  test('[T33] leaves without what the camera wrote into it, turned as it was held', async () => {
    const photo = await sharp({ create: { width: 400, height: 200, channels: 3, background: 'white' } })
      .composite([{ input: await plain(200, 200, 'red').png().toBuffer(), left: 0, top: 0 }])
      .withExif({ IFD0: { Copyright: 'secret-author', Make: 'secret-camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '25/1 2/1 3/1' } })
      .withMetadata({ orientation: 6 })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret-place</x:xmpmeta>')
      .jpeg()
      .toBuffer()
    expect(photo.includes('secret')).toBe(true)
    const drawn = await drawSquares(photo, { left: 0, top: 0, size: 200 }, [64])
    const bytes = drawn[0]?.bytes ?? Buffer.alloc(0)
    const { exif, xmp, icc, iptc, orientation } = await sharp(bytes).metadata()
    expect({ exif, xmp, icc, iptc, orientation }).toEqual({})
    expect(bytes.includes('secret')).toBe(false)
    // Held upright the red half is above.
    expect((await sharp(bytes).stats()).dominant).toMatchObject({ r: 248, g: 8, b: 8 })
  })

  test('is cut where its person says, and only within', async () => {
    const halves = await plain(400, 200, 'blue')
      .composite([{ input: await plain(200, 200, 'red').png().toBuffer(), left: 200, top: 0 }])
      .png()
      .toBuffer()
    const dominant = async (square: object) => (await sharp((await drawSquares(halves, square, [64]))[0]?.bytes).stats()).dominant
    expect(await dominant({ left: 0, top: 0, size: 190 })).toMatchObject({ b: 248 })
    expect(await dominant({ left: 205, top: 0, size: 190 })).toMatchObject({ r: 248 })
    for (const square of [{ size: 201 }, { left: 300, size: 150 }, { top: 100, size: 150 }, { left: 20_000, size: 1 }]) {
      await expect(drawSquares(halves, square, [64])).rejects.toMatchObject({ code: 'avatar.outside' })
    }
  })

  test('is refused at once when it is a bomb, before it takes room', async () => {
    const bombs = [pngOf(65_535, 65_535), pngOf(20_000, 20_000), pngOf(65_535, 700), gifOf(65_535, 65_535), pngOf(1, 50_000_000)]
    await drawSquares(await plain(10, 10, 'red').png().toBuffer(), {}, [64])
    const before = process.memoryUsage().rss
    for (const bomb of [...bombs, ...bombs, ...bombs, ...bombs]) {
      const startMs = performance.now()
      await expect(drawSquares(bomb, {}, [64])).rejects.toMatchObject({
        code: expect.stringMatching(/^avatar\.(too_many_pixels|unsupported)$/),
      })
      expect(performance.now() - startMs).toBeLessThan(soon(1000))
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20)
  })

  test('is refused when it moves too long', async () => {
    const frames = Buffer.concat(Array.from({ length: 120 }, () => randomBytes(16 * 16 * 3)))
    const film = await sharp(frames, { raw: { width: 16, height: 16 * 120, channels: 3, pageHeight: 16 } })
      .gif({ loop: 0, effort: 1, colours: 2 })
      .toBuffer()
    await expect(drawSquares(film, {}, [16])).rejects.toMatchObject({ code: 'avatar.too_many_pixels' })
  })

  test('is refused when it is no picture, or one that can do more than be seen', async () => {
    await using matinee = await startMatinee('embedded')
    const person = await join(matinee, 'alice')
    const png = await plain(20, 20, 'red').png().toBuffer()
    const others: [string, Uint8Array | string][] = [
      ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"><script>alert(1)</script></svg>'],
      ['SVG behind a declaration', '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"/>'],
      ['HTML', '<html><script>alert(1)</script>'],
      ['PDF', '%PDF-1.7\n1 0 obj'],
      ['nothing', ''],
      ['a cut PNG', png.subarray(0, 40)],
      ['a head without a body', pngOf(64, 64, Buffer.alloc(0))],
      ['HTML that begins like a GIF', 'GIF89a/*<script>alert(1)</script>*/=1'],
      ['TIFF', await plain(20, 20, 'red').tiff().toBuffer()],
      ['MP4', Buffer.from('\u0000\u0000\u0000\u0018ftypmp42\u0000\u0000\u0000\u0000')],
    ]
    for (const [name, bytes] of others) {
      const answer = await send(person, bytes)
      expect([answer.status, codeOf(answer)], name).toEqual([415, 'avatar.unsupported'])
    }
    expect((await send(person, png)).status).toBe(200)
  })

  test('with a program hidden in it is a picture without it', async () => {
    const polyglot = Buffer.concat([await plain(64, 64, 'red').png().toBuffer(), Buffer.from('<script>alert(1)</script>')])
    const [drawn] = await drawSquares(polyglot, {}, [64])
    expect(drawn?.bytes.includes('script')).toBe(false)
  })

  test('may have ten million bytes and no more, said or unsaid', async () => {
    await using matinee = await startMatinee('embedded')
    const person = await join(matinee, 'alice')
    const large = Buffer.alloc(10 * 2 ** 20 + 1)
    expect((await send(person, large)).status).toBe(413)
    const unsaid = await person.call('PUT', '/api/me/avatar', large, { 'content-type': 'image/png', 'transfer-encoding': 'chunked' })
    expect([unsaid.status, codeOf(unsaid)]).toEqual([413, 'avatar.too_large'])
  })
})

function pngOf(width: number, height: number, data = deflateSync(Buffer.alloc(1000))): Buffer {
  const chunk = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    const named = Buffer.concat([Buffer.from(type), body])
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc(named))
    return Buffer.concat([length, named, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function gifOf(width: number, height: number): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\0\0\0\0\0\x02\x02\x44\x01\0;', 'latin1')
  head.writeUInt16LE(width, 6)
  head.writeUInt16LE(height, 8)
  head.writeUInt16LE(width, 24)
  head.writeUInt16LE(height, 26)
  return head
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}
