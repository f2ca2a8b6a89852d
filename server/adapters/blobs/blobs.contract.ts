import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { BlobRange, Blobs } from '#server/ports/blobs.ts'
import { hostileNames } from '#server/testing/hostile-names.ts'

/** `descriptors` counts what is open towards the store, where that can be seen. */
export type BlobsGround = AsyncDisposable & { blobs: Blobs; openReads(): Promise<number> }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** In pieces of `step`, and with an error, or an end, where the test wants one. */
export async function* pieces(
  bytes: Uint8Array,
  step = 64 << 10,
  options: { failAt?: number; endAt?: number } = {},
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += step) {
    if (options.failAt !== undefined && at >= options.failAt) throw new Error('the line to the sender broke')
    if (options.endAt !== undefined && at >= options.endAt) return
    yield bytes.subarray(at, at + step)
  }
}

export async function readAll(blobs: Blobs, name: string, range?: BlobRange): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of blobs.read(name, range ? { range } : {})) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

export function blobsContract(name: string, open: () => Promise<BlobsGround>): void {
  describe(name, () => {
    test.each([0, 1, 65_536, 1_000_003, 20 * 1_048_576 + 7])('%i bytes come back as they were, with their hash and size', async (size) => {
      await using ground = await open()
      const bytes = randomBytes(size)
      const beforeMs = Date.now()
      const written = await ground.blobs.write('films/ab/source', pieces(bytes, 100_001), { contentType: 'video/mp4' })
      expect(written).toEqual({ size, sha256: sha256(bytes) })
      expect((await readAll(ground.blobs, 'films/ab/source')).equals(bytes)).toBe(true)
      const found = await ground.blobs.find('films/ab/source')
      expect(found).toMatchObject({ name: 'films/ab/source', size })
      expect(Math.abs((found?.modifiedMs ?? 0) - beforeMs)).toBeLessThan(60_000)
    })

    test('ranges are half-open, are cut at the end, and may be empty', async () => {
      await using ground = await open()
      const bytes = randomBytes(700_000)
      await ground.blobs.write('a', pieces(bytes))
      for (const [start, end] of [
        [0, 1],
        [0, 700_000],
        [1, 2],
        [300_000, 600_001],
        [699_999, 700_000],
        [699_999, 2_000_000],
        [700_000, 700_001],
        [900_000, 900_001],
        [5, 5],
      ] as const) {
        expect((await readAll(ground.blobs, 'a', { start, end })).equals(bytes.subarray(start, end))).toBe(true)
      }
    })

    test('what is not there is not found, and deleting it is no error', async () => {
      await using ground = await open()
      await expect(readAll(ground.blobs, 'nothing/here')).rejects.toMatchObject({ kind: 'not_found' })
      await expect(readAll(ground.blobs, 'nothing/here', { start: 3, end: 3 })).rejects.toMatchObject({ kind: 'not_found' })
      expect(await ground.blobs.find('nothing/here')).toBeUndefined()
      await ground.blobs.delete(['nothing/here', 'nor/here'])
      await ground.blobs.delete([])
      expect(await ground.blobs.list('')).toEqual({ items: [], next: undefined })
    })

    test('a source that is shorter, longer or other than was said, or that fails, leaves nothing behind', async () => {
      await using ground = await open()
      for (const size of [100_000, 12 << 20]) {
        const bytes = randomBytes(size)
        const expectRefusal = (options: Parameters<Blobs['write']>[2], source = pieces(bytes)) =>
          expect(ground.blobs.write('films/x', source, options)).rejects
        await expectRefusal({ expect: { size: size + 1 } }).toMatchObject({ kind: 'invalid', code: 'blobs.other_size' })
        await expectRefusal({ expect: { size: size - 1 } }).toMatchObject({ kind: 'invalid', code: 'blobs.other_size' })
        await expectRefusal({ expect: { sha256: sha256(randomBytes(3)) } }).toMatchObject({ kind: 'invalid', code: 'blobs.other_content' })
        await expectRefusal({}, pieces(bytes, 65_536, { failAt: size - 65_536 })).toThrow('the line to the sender broke')
        await expectRefusal({ expect: { size } }, pieces(bytes, 65_536, { endAt: size / 2 })).toMatchObject({ code: 'blobs.other_size' })
        expect(await ground.blobs.find('films/x')).toBeUndefined()
        await ground.blobs.write('films/x', pieces(bytes), { expect: { size, sha256: sha256(bytes).toUpperCase() } })
        await ground.blobs.delete(['films/x'])
      }
      expect((await ground.blobs.list('')).items).toEqual([])
    })

    test('a refused write leaves the blob that was there', async () => {
      await using ground = await open()
      const first = randomBytes(1000)
      await ground.blobs.write('a', pieces(first))
      await expect(ground.blobs.write('a', pieces(randomBytes(2000)), { expect: { size: 1 } })).rejects.toMatchObject({ kind: 'invalid' })
      expect((await readAll(ground.blobs, 'a')).equals(first)).toBe(true)
    })

    test('an abort ends a write at once, also while the source hangs, and closes the source', async () => {
      await using ground = await open()
      const life = new AbortController()
      let pulls = 0
      let isClosed = false
      const hanging: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => (++pulls <= 200 ? Promise.resolve({ value: randomBytes(65_536), done: false }) : new Promise(() => {})),
          async return() {
            isClosed = true
            return { value: undefined, done: true }
          },
        }),
      }
      const writing = ground.blobs.write('a', hanging, { signal: life.signal })
      await expect.poll(() => pulls).toBe(201)
      life.abort(new Error('never mind'))
      await expect(writing).rejects.toThrow('never mind')
      expect(isClosed).toBe(true)
      expect(await ground.blobs.find('a')).toBeUndefined()
      await expect(ground.blobs.write('a', pieces(randomBytes(10)), { signal: life.signal })).rejects.toThrow('never mind')
    })

    test('of writers of one name the blob is one of theirs, whole, and readers never see a mixture', async () => {
      await using ground = await open()
      const versions = Array.from({ length: 6 }, (_, n) => Buffer.alloc(300_000, n))
      await ground.blobs.write('a', pieces(versions[0] ?? Buffer.alloc(0)))
      let isOver = false
      let reads = 0
      const read = async () => {
        while (!isOver) {
          const bytes = await readAll(ground.blobs, 'a')
          expect(bytes.byteLength).toBe(300_000)
          expect(bytes.equals(Buffer.alloc(300_000, bytes[0]))).toBe(true)
          reads++
        }
      }
      const reading = read()
      await Promise.all(versions.map((bytes) => ground.blobs.write('a', pieces(bytes, 50_000))))
      isOver = true
      await reading
      expect(reads).toBeGreaterThan(0)
      expect(versions.some((bytes) => bytes.equals(Buffer.alloc(300_000, bytes[0])))).toBe(true)
    })

    test('names are listed in the order of their bytes, in pages, below a prefix', async () => {
      await using ground = await open()
      const names = ['a', 'a-b', 'a.b', 'b/1', 'b/1-x/y', 'b/10', 'b/2/z', 'b0', 'bb/c/d/e', '_x', 'z.mp4', '0/1/2', 'b/1.x']
      await Promise.all(names.map((each) => ground.blobs.write(each, pieces(Buffer.from(each)))))
      const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      const list = async (prefix: string, limit?: number) => {
        const found: string[] = []
        for (let after: string | undefined = ''; after !== undefined; ) {
          const page = await ground.blobs.list(prefix, { after, ...(limit ? { limit } : {}) })
          if (limit) expect(page.items.length).toBeLessThanOrEqual(limit)
          for (const { name: each, size } of page.items) {
            expect(size).toBe(each.length)
            found.push(each)
          }
          after = page.next
        }
        return found
      }
      expect(await list('')).toEqual(sorted)
      for (const limit of [1, 2, 5, 13]) expect(await list('', limit)).toEqual(sorted)
      for (const prefix of ['b', 'b/', 'b/1', 'b/2/', 'nothing/', 'a', 'bb/c/d/e', 'z.mp4']) {
        expect(await list(prefix)).toEqual(sorted.filter((each) => each.startsWith(prefix)))
        expect(await list(prefix, 2)).toEqual(sorted.filter((each) => each.startsWith(prefix)))
      }
      expect((await ground.blobs.list('b/', { after: 'b/1.x' })).items.map(({ name: each }) => each)).toEqual(
        ['b/1-x/y', 'b/10', 'b/2/z'].sort().filter((each) => each > 'b/1.x'),
      )
    })

    test('many are deleted at once, and what was deleted is gone', async () => {
      await using ground = await open()
      const names = Array.from({ length: 30 }, (_, n) => `cells/${n % 3}/${n}.m4s`)
      await Promise.all(names.map((each) => ground.blobs.write(each, pieces(Buffer.from('x')))))
      await ground.blobs.delete([...names.slice(0, 29), 'cells/not/there', names[0] ?? ''])
      expect((await ground.blobs.list('')).items.map(({ name: each }) => each)).toEqual(['cells/2/29.m4s'])
      await ground.blobs.write('cells/0/0.m4s', pieces(Buffer.from('again')))
      expect(String(await readAll(ground.blobs, 'cells/0/0.m4s'))).toBe('again')
    })

    test('names that we did not make reach no store', async () => {
      await using ground = await open()
      await ground.blobs.write('safe', pieces(Buffer.from('x')))
      for (const hostile of hostileNames) {
        const refusal = { kind: 'invalid', code: 'blobs.bad_name' }
        await expect(ground.blobs.write(hostile, pieces(Buffer.from('x')))).rejects.toMatchObject(refusal)
        await expect(readAll(ground.blobs, hostile)).rejects.toMatchObject(refusal)
        await expect(ground.blobs.find(hostile)).rejects.toMatchObject(refusal)
        await expect(ground.blobs.delete(['safe', hostile])).rejects.toMatchObject(refusal)
        if (hostile !== '' && !hostile.endsWith('/')) await expect(ground.blobs.list(hostile)).rejects.toMatchObject(refusal)
      }
      expect((await ground.blobs.list('')).items.map(({ name: each }) => each)).toEqual(['safe'])
    })

    test('reading that ends early, or is aborted, leaves nothing open', async () => {
      await using ground = await open()
      await ground.blobs.write('a', pieces(randomBytes(5 << 20)))
      const before = await ground.openReads()
      for (let n = 0; n < 30; n++) {
        for await (const chunk of ground.blobs.read('a')) {
          expect(chunk.byteLength).toBeGreaterThan(0)
          break
        }
      }
      for (let n = 0; n < 10; n++) {
        const life = new AbortController()
        const reading = async () => {
          for await (const _ of ground.blobs.read('a', { signal: life.signal })) life.abort(new Error('seen enough'))
        }
        await expect(reading()).rejects.toThrow('seen enough')
      }
      await expect.poll(() => ground.openReads()).toBeLessThanOrEqual(before)
    })

    test('a reader who takes his time gets every byte', async () => {
      await using ground = await open()
      const bytes = randomBytes(3 << 20)
      await ground.blobs.write('a', pieces(bytes))
      const hash = createHash('sha256')
      for await (const chunk of ground.blobs.read('a')) {
        hash.update(chunk)
        await pause(10)
      }
      expect(hash.digest('hex')).toBe(sha256(bytes))
    })
  })
}
