import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Blobs, RemoteBlobs } from '#server/ports/blobs.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith, soon, times } from '#server/testing/grounds.ts'
import { openS3, type S3Part } from '#server/testing/parts/s3.ts'
import { openProxy } from '#server/testing/proxy.ts'
import { systemClock } from '../clock/system-clock.ts'
import { blobsContract, pieces, readAll } from './blobs.contract.ts'
import { openS3Blobs, toDisposition } from './s3-blobs.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function openBlobs(s3: S3Part, to: { port: number } = s3, log = createCapturedLog()): Promise<Blobs & AsyncDisposable> {
  const blobs = await openS3Blobs({ ...s3, endpoint: `http://127.0.0.1:${to.port}`, clock: systemClock, log })
  return Object.assign(blobs, { [Symbol.asyncDispose]: () => blobs.close() })
}

function remoteOf(blobs: Blobs): RemoteBlobs {
  if (!blobs.remote) throw new Error('Not behind a line.')
  return blobs.remote
}

async function empty(blobs: Blobs): Promise<void> {
  for (;;) {
    const { items } = await blobs.list('')
    if (items.length === 0) return
    await blobs.delete(items.map(({ name }) => name))
  }
}

async function uploadsOf(blobs: Blobs): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of remoteOf(blobs).listUploads({ startedBeforeMs: Date.now() + 60_000 })) names.push(name)
  return names
}

/** A front that answers some requests with an error and breaks off some answers, as stores under load do. */
async function openFaultyFront(port: number, share: number) {
  let faults = 0
  let seed = 42
  const chance = () => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  const server = createServer((incoming, outgoing) => {
    const luck = chance() / share
    if (luck < 0.5) {
      faults++
      incoming.resume()
      outgoing
        .writeHead(luck < 0.25 ? 503 : 500, { 'content-type': 'application/xml' })
        .end('<Error><Code>SlowDown</Code><Message>Please.</Message></Error>')
      return
    }
    const { method, url, headers } = incoming
    const onward = openRequest({ port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      if (luck < 1) {
        // The work is done, but whoever asked does not get to know, or not all of it.
        faults++
        answer.once('data', (chunk: Buffer) => outgoing.write(chunk.subarray(0, chunk.byteLength / 2), () => outgoing.destroy()))
        answer.once('end', () => outgoing.destroy())
        answer.resume()
        return
      }
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { port: (server.address() as AddressInfo).port, faults: () => faults, [Symbol.asyncDispose]: close }
}

describeWith('s3')('on S3', () => {
  let s3: S3Part
  beforeAll(async () => {
    s3 = await openS3()
  })
  afterAll(() => s3[Symbol.asyncDispose]())

  blobsContract('blobs on S3', async () => {
    const proxy = await openProxy(s3)
    const blobs = await openBlobs(s3, proxy)
    return {
      blobs,
      openReads: async () => proxy.connections,
      async [Symbol.asyncDispose]() {
        await empty(blobs)
        await blobs.close()
        expect(await uploadsOf(blobs)).toEqual([])
        await proxy[Symbol.asyncDispose]()
      },
    }
  })

  describe('signed addresses', () => {
    test('let anybody read one blob under its name and type, and nobody anything else', async () => {
      await using blobs = await openBlobs(s3)
      await blobs.write('films/1', pieces(Buffer.from('a film')), { contentType: 'video/mp4' })
      await blobs.write('films/2', pieces(Buffer.from('another')))
      const fileName = `卧虎藏龙 (2000) "director's cut" 100% *!.mp4`
      const url = await remoteOf(blobs).signedUrl('films/1', { expiresInMs: 60_000, contentType: 'video/webm', fileName })
      const response = await fetch(url)
      expect(response.status).toBe(200)
      expect(await response.text()).toBe('a film')
      expect(response.headers.get('content-type')).toMatch('video/webm')
      expect(response.headers.get('content-disposition')).toBe(toDisposition(fileName))
      const status = async (address: string, method = 'GET') => (await fetch(address, { method })).status
      expect(await status(url.replace('films/1', 'films/2'))).toBe(403)
      expect(await status(url.replace('webm', 'html'))).toBe(403)
      expect(await status(url.replace(/Expires=\d+/, 'Expires=600000'))).toBe(403)
      expect(await status(url, 'DELETE')).toBe(403)
      expect([400, 403]).toContain(await status(url.split('?')[0] ?? ''))
      await empty(blobs)
    })

    test('end when they were told to', async () => {
      await using blobs = await openBlobs(s3)
      await blobs.write('films/1', pieces(Buffer.from('a film')))
      const url = await remoteOf(blobs).signedUrl('films/1', { expiresInMs: 5000 })
      expect((await fetch(url)).status).toBe(200)
      await expect.poll(async () => (await fetch(url)).status, { interval: 300 }).toBe(403)
      await empty(blobs)
    })
  })

  describe('parts', () => {
    test('become one blob when they are completed, in whatever order they came, and are not seen before', async () => {
      await using blobs = await openBlobs(s3)
      const remote = remoteOf(blobs)
      const bytes = randomBytes(2 * remote.minPartBytes + 12_345)
      const slices = [
        bytes.subarray(0, remote.minPartBytes),
        bytes.subarray(remote.minPartBytes, 2 * remote.minPartBytes),
        bytes.subarray(2 * remote.minPartBytes),
      ]
      const upload = await remote.openParts('films/1', { contentType: 'video/mp4' })
      await remote.writePart('films/1', upload, 2, randomBytes(remote.minPartBytes))
      const done = await Promise.all(
        [3, 1, 2].map(async (part) => ({
          part,
          ...(await remote.writePart('films/1', upload, part, slices[part - 1] ?? Buffer.alloc(0))),
        })),
      )
      expect(await blobs.find('films/1')).toBeUndefined()
      expect(await uploadsOf(blobs)).toEqual(['films/1'])
      await remote.completeParts('films/1', upload, done)
      expect(sha256(await readAll(blobs, 'films/1'))).toBe(sha256(bytes))
      expect(await uploadsOf(blobs)).toEqual([])
      await empty(blobs)
    })

    test('that are aborted are gone, and aborting again is no error', async () => {
      await using blobs = await openBlobs(s3)
      const remote = remoteOf(blobs)
      const upload = await remote.openParts('films/1')
      await remote.writePart('films/1', upload, 1, randomBytes(remote.minPartBytes))
      await remote.abortParts('films/1', upload)
      await remote.abortParts('films/1', upload)
      expect(await uploadsOf(blobs)).toEqual([])
      await expect(remote.completeParts('films/1', upload, [{ part: 1, etag: 'x' }])).rejects.toThrow()
      expect(await blobs.find('films/1')).toBeUndefined()
    })

    test('bytes that changed on their way are refused by the store', async () => {
      const spoiling = createServer((incoming, outgoing) => void spoil(incoming, outgoing))
      const spoil = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
        const { method, url, headers } = incoming
        const body = Buffer.concat(await incoming.toArray())
        const onward = openRequest({ port: s3.port, method, path: url, headers: { ...headers, connection: 'close' } }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
          answer.on('data', (chunk) => outgoing.write(chunk)).on('close', () => outgoing.end())
        })
        onward.on('error', () => outgoing.headersSent || outgoing.destroy())
        onward.end(method === 'PUT' ? body.fill(0, 0, 1) : body)
      }
      await new Promise<void>((resolve) => spoiling.listen(0, '127.0.0.1', resolve))
      await using blobs = await openBlobs(s3, spoiling.address() as AddressInfo)
      await expect(blobs.write('films/1', pieces(Buffer.alloc(5000, 9)))).rejects.toThrow(/BadDigest/)
      expect(await blobs.find('films/1')).toBeUndefined()
      spoiling.closeAllConnections()
      spoiling.close()
    })
  })

  describe('a store under load', () => {
    test('[F21] one fault in ten requests corrupts nothing and leaves no orphan', async () => {
      await using front = await openFaultyFront(s3.port, 0.1)
      await using blobs = await openBlobs(s3, front)
      await using truth = await openBlobs(s3)
      const sizes = Array.from({ length: times(12, 60) }, (_, n) => (n % 4 === 0 ? 18 << 20 : 10_000 * (n + 1)))
      const failed: unknown[] = []
      for (const [n, size] of sizes.entries()) {
        const bytes = randomBytes(size)
        try {
          await blobs.write(`cells/${n}`, pieces(bytes), { expect: { size } })
          expect(sha256(await readAll(blobs, `cells/${n}`))).toBe(sha256(bytes))
        } catch (error) {
          if (!(error instanceof Error && 'kind' in error && error.kind === 'unavailable')) throw error
          failed.push(error)
        }
      }
      expect(front.faults()).toBeGreaterThan(3)
      expect(failed.length).toBeLessThanOrEqual(sizes.length / 4)
      // An opening whose answer was lost is an upload that nobody knows of: the list of old ones has it, for whoever sweeps.
      for await (const { name, upload } of remoteOf(truth).listUploads({ startedBeforeMs: Date.now() + 60_000 }))
        await remoteOf(truth).abortParts(name, upload)
      expect(await uploadsOf(truth)).toEqual([])
      await empty(truth)
    }, 300_000)

    test('a line that breaks in the middle of a read is mended, byte for byte', async () => {
      await using proxy = await openProxy(s3)
      await using blobs = await openBlobs(s3, proxy)
      const bytes = randomBytes(6 << 20)
      await blobs.write('films/1', pieces(bytes))
      const hash = createHash('sha256')
      let size = 0
      let drops = 0
      for await (const chunk of blobs.read('films/1', { range: { start: 1000, end: bytes.byteLength } })) {
        hash.update(chunk)
        size += chunk.byteLength
        if (size > (drops + 1) * 1_500_000 && drops < 3) {
          drops++
          proxy.drop()
        }
      }
      expect(drops).toBe(3)
      expect(hash.digest('hex')).toBe(sha256(bytes.subarray(1000)))
      await empty(blobs)
    })

    test('what is replaced while a broken read is mended is an error and not a mixture', async () => {
      await using proxy = await openProxy(s3)
      await using blobs = await openBlobs(s3, proxy)
      await using other = await openBlobs(s3)
      await blobs.write('films/1', pieces(Buffer.alloc(6 << 20, 1)))
      const reading = async () => {
        let isFirst = true
        for await (const _ of blobs.read('films/1')) {
          if (!isFirst) continue
          isFirst = false
          await other.write('films/1', pieces(Buffer.alloc(6 << 20, 2)))
          proxy.drop()
        }
      }
      await expect(reading()).rejects.toThrow(/replaced/)
      await empty(other)
    })

    test('a store that is away is said to be, in time; and writing works again when it is back', async () => {
      await using blobs = await openBlobs(s3)
      await s3.kill()
      const startMs = performance.now()
      await expect(blobs.write('films/1', pieces(Buffer.from('x')))).rejects.toMatchObject({ kind: 'unavailable' })
      await expect(readAll(blobs, 'films/1')).rejects.toMatchObject({ kind: 'unavailable' })
      expect(performance.now() - startMs).toBeLessThan(soon(15_000))
      await s3.restart()
      await blobs.write('films/1', pieces(Buffer.from('x')))
      await empty(blobs)
    })

    test('[F21] a store that swallows everything is waited for once, and there again when it goes on', async () => {
      await using blobs = await openBlobs({ ...s3, answerTimeoutMs: 1500 } as S3Part)
      await blobs.write('films/1', pieces(Buffer.from('x')))
      s3.freeze()
      try {
        const startMs = performance.now()
        await expect(blobs.write('films/2', pieces(Buffer.from('x')))).rejects.toMatchObject({ kind: 'unavailable' })
        await expect(blobs.find('films/1')).rejects.toMatchObject({ kind: 'unavailable' })
        expect(performance.now() - startMs).toBeLessThan(soon(6000))
      } finally {
        s3.resume()
      }
      await expect.poll(() => blobs.find('films/1').catch(() => undefined)).toMatchObject({ size: 1 })
      await empty(blobs)
    })

    test('a write that failed in the middle leaves no parts, also when the store was away at that moment', async () => {
      await using proxy = await openProxy(s3)
      const blobs = await openBlobs(s3, proxy)
      await using truth = await openBlobs(s3)
      const cutting = async function* () {
        yield* pieces(randomBytes(9 << 20))
        await expect.poll(() => uploadsOf(truth)).toEqual(['films/1'])
        throw new Error('the line to the sender broke')
      }
      await expect(blobs.write('films/1', cutting())).rejects.toThrow('the line to the sender broke')
      await expect.poll(() => uploadsOf(truth)).toEqual([])
      await blobs.close()
    })

    test('memory is bounded by the parts, not by the blob', async () => {
      await using blobs = await openBlobs(s3)
      const block = randomBytes(1 << 20)
      let mostBytes = 0
      async function* long() {
        for (let n = 0; n < times(256, 400); n++) {
          yield Buffer.from(block)
          mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers)
        }
      }
      const beforeBytes = process.memoryUsage().arrayBuffers
      await blobs.write('films/long', long())
      // Two parts on their way, one gathered, each once more as a copy, and what waits for the collector.
      expect(mostBytes - beforeBytes).toBeLessThan(220 << 20)
      await empty(blobs)
    }, 300_000)

    test("wrong credentials are an error at once, and no problem of the caller's", async () => {
      await using blobs = await openBlobs({ ...s3, secretKey: 'wrong' })
      const startMs = performance.now()
      await expect(blobs.write('films/1', pieces(Buffer.from('x')))).rejects.toThrow(/403|SignatureDoesNotMatch/)
      expect(performance.now() - startMs).toBeLessThan(soon(2000))
    })
  })
})

test('a name for saving is told in ASCII and in UTF-8, and smuggles no header', () => {
  expect(toDisposition('film.mp4')).toBe(`attachment; filename="film.mp4"; filename*=UTF-8''film.mp4`)
  expect(toDisposition('悲情\r\nSet-Cookie: x"\\.mp4')).toBe(
    `attachment; filename="__Set-Cookie: x__.mp4"; filename*=UTF-8''%E6%82%B2%E6%83%85Set-Cookie%3A%20x%22%5C.mp4`,
  )
})
