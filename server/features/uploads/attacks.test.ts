import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseRangesText, toRangesText } from '#server/lib/byte-ranges.ts'
import { times } from '#server/testing/grounds.ts'
import { hostileNames } from '#server/testing/hostile-names.ts'
import { askedFor, blockOf, openUploadsCore } from '#server/testing/uploads-core.ts'
import { infoOf, md5, openLine, openUploadsHouse, sendBlock, type Urls } from '#server/testing/uploads-house.ts'
import { Refusal } from './refusal.ts'
import { mostPieces } from './take-block.ts'

const within = { timeout: 60_000, interval: 10 }
const codeOf = (error: unknown) => {
  if (!(error instanceof Refusal)) throw error
  return error.retCode
}
const treeOf = async (folder: string) =>
  (await readdir(folder, { recursive: true })).filter((name) => !/^data|sqlite|[.]db/.test(name)).toSorted()

const ups = [
  '../',
  '..\\',
  '%2e%2e/',
  '..%2f',
  '%252e%252e%252f',
  '....//',
  '..;/',
  '.\u0000./',
  '\u2025/',
  '\uff0e\uff0e/',
  '/../',
  './../',
]
const payloads = [
  ...hostileNames,
  ...ups.flatMap((up) => [1, 2, 3, 6, 12].flatMap((deep) => ['beside/x', 'etc/cron.d/x', 'x'].map((end) => up.repeat(deep) + end))),
]

describe('Whoever wants to get somewhere else', () => {
  test('[T4] [U10] by any field of an opening, puts nothing outside the roots', async () => {
    await using core = await openUploadsCore()
    const service = await core.process()
    const asked = (change: Record<string, unknown>) => service.openTask({ ...askedFor(core.root, 'x', 0), ...change })
    await mkdir(join(core.folder, 'beside'))
    await mkdir(core.root)
    await symlink(join(core.folder, 'beside'), join(core.root, 'way-out'))
    let tried = 0
    let kept = 0
    for (const payload of payloads) {
      for (const change of [
        { storePath: join(core.root, 'way-out', String(tried)) },
        { storePath: payload },
        { storePath: `${core.root}/${payload}` },
        { fileName: payload },
        { fileName: `${payload}.mp4`, userId: payload, feedBackParameter: payload },
        { fileName: `${tried}`, fileMd5: payload, fileSize: payload },
      ]) {
        tried++
        const row = await asked(change).catch((error: unknown) => codeOf(error))
        if (typeof row !== 'string') {
          kept++
          await service.settle(row.id)
        } else expect(row).toMatch(/^[356]$/)
      }
    }
    expect(tried).toBeGreaterThan(500)
    expect(kept).toBeGreaterThan(0)
    expect((await treeOf(core.folder)).filter((name) => !/^root($|\/)/.test(name))).toEqual(['beside'])
    expect(await readdir(join(core.folder, 'beside'))).toEqual([])
  }, 300_000)

  test('[T4] [U10] by links that are put in the way later, has the upload ended and told, and writes through none', async () => {
    await using core = await openUploadsCore()
    const service = await core.process()
    const beside = join(core.folder, 'beside')
    await mkdir(beside)
    await writeFile(join(beside, 'victim'), 'untouched')
    const bytes = randomBytes(10_000)
    const open = (fileName: string, folder: string) =>
      service.openTask({ ...askedFor(core.root, fileName, bytes.length), storePath: join(core.root, folder) })
    const moved = await open('x', 'moved')
    await mkdir(join(core.root, 'moved'), { recursive: true })
    await rm(join(core.root, 'moved'), { recursive: true })
    await symlink(beside, join(core.root, 'moved'))
    const taken = await open('taken', 'films')
    await mkdir(join(core.root, 'films'))
    await symlink(join(beside, 'victim'), join(core.root, 'films', 'taken'))
    for (const { id } of [moved, taken]) {
      await service.takeBlock(id, blockOf(bytes, 0, bytes.length))
      await service.settle(id)
      expect(await service.get(id)).toMatchObject({ state: 'cancelled', callback_code: '5' })
    }
    const aside = await open('aside', 'more')
    const path = join(core.root, '.matinee', `${aside.id}.part`)
    await rename(path, `${path}.away`)
    await symlink(join(beside, 'victim'), path)
    await expect(service.takeBlock(aside.id, blockOf(bytes, 0, 5000))).rejects.toThrow('ELOOP')
    expect((await service.get(aside.id)).held).toBe('')
    expect(await readdir(beside)).toEqual(['victim'])
    expect(await readFile(join(beside, 'victim'), 'utf8')).toBe('untouched')
  })

  test('with a guessed number, or with the address of another task, learns nothing and changes nothing', async () => {
    const house = await openUploadsHouse()
    const bytes = randomBytes(100)
    const own = (await house.open(bytes, { fileName: 'own' })).data as Urls
    const foreign = (await house.open(bytes, { fileName: 'foreign', userId: 'another' })).data as Urls
    const bend = (url: string) => url.replace(String(foreign.taskId), String(own.taskId))
    const bent = [bend, (url: string) => url.replace(/&s=.*/, ''), (url: string) => url.replace(/&s=.*/, `&s=${'x'.repeat(43)}`)]
    for (const change of bent) {
      const urls = {
        ...foreign,
        uploadUrl: change(foreign.uploadUrl),
        blocksUrl: change(foreign.blocksUrl),
        stateUrl: change(foreign.stateUrl),
      }
      expect((await sendBlock(urls, bytes, 0, 100)).retCode).toBe('10')
      expect(await infoOf(urls)).toMatchObject({ retCode: '10', data: null })
      expect((await house.post(urls.stateUrl, { taskId: own.taskId, status: 'cancel' })).retCode).toBe('10')
    }
    expect((await house.post(own.stateUrl, { taskId: foreign.taskId, status: 'cancel' })).retCode).toBe('3')
    for (const urls of [own, foreign]) expect((await infoOf(urls)).expectBlocks).toEqual([{ startByte: 0, endByte: 100 }])
  })
})

describe('Whoever wants too much', () => {
  test('[T25] by a hundred openings at once in two processes, gets no more than the quota, and leaves no orphans', async () => {
    await using core = await openUploadsCore({ quota: 10_000 })
    const services = [await core.process(), await core.process()]
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const row = await services[n % 2]?.openTask(askedFor(core.root, String(n), 1000)).catch((error: unknown) => codeOf(error))
        return typeof row === 'object' ? 'kept' : row
      }),
    )
    const kept = outcomes.filter((outcome) => outcome === 'kept')
    expect(kept.length).toBeLessThanOrEqual(10)
    expect(new Set(outcomes)).toEqual(new Set(['kept', '6']))
    expect(await core.store.bytesOf('demo', '1')).toBe(kept.length * 1000)
    expect(await readdir(join(core.root, '.matinee'))).toHaveLength(kept.length)
  })

  test('[U11] by crumbs, is told to send what adjoins, and the row stays small', async () => {
    await using core = await openUploadsCore()
    const service = await core.process()
    const count = times(200, 1_000_000)
    const apart = times(100, 2000)
    const bytes = randomBytes(count + apart * 2)
    const { id } = await service.openTask(askedFor(core.root, 'crumbs', 2 ** 30))
    // One beside the other, and before them some that touch nothing.
    const places = Array.from({ length: count + apart }, (_, n) => (n < count ? n : count + (n - count) * 2 + 1))
    const line = async () => {
      for (let at = places.pop(); at !== undefined; at = places.pop()) await service.takeBlock(id, blockOf(bytes, at, at + 1))
    }
    await Promise.all(Array.from({ length: 32 }, line))
    expect(parseRangesText((await core.store.find(id))?.held ?? '')).toHaveLength(apart + 1)
    const held = Array.from({ length: mostPieces }, (_, n) => ({ start: n * 65_536, end: n * 65_536 + 1 }))
    const row = await core.store.find(id)
    if (row) await core.store.change(row, { held: toRangesText(held) })
    const zero = Buffer.alloc(2 ** 20)
    await expect(service.takeBlock(id, blockOf(zero, 10, 11))).rejects.toThrow(`${mostPieces} pieces`)
    expect(await service.takeBlock(id, blockOf(zero, 1, 2))).toMatchObject({ taken: true })
    expect(await service.takeBlock(id, blockOf(zero, 2, 65_536))).toMatchObject({ taken: true })
    expect(await service.takeBlock(id, blockOf(zero, 65_600, 65_601))).toMatchObject({ taken: true })
    expect((await core.store.find(id))?.held.length).toBeLessThan(mostPieces * 24)
  }, 3_600_000)

  test('[T23] by a block or an opening without an end, is answered and cut off', async () => {
    const house = await openUploadsHouse({ server: { blockLimit: '2MiB' } })
    const bytes = randomBytes(2 ** 20)
    const urls = (await house.open(bytes)).data as Urls
    const { pathname, search } = new URL(urls.uploadUrl)
    const part = (words: string) => `--b\r\ncontent-disposition: form-data; ${words}\r\n\r\n`
    const head = ['startByte', 'endByte', 'partMd5'].map(
      (name) => `${part(`name="${name}"`)}${name === 'startByte' ? 0 : name === 'endByte' ? 1000 : md5(bytes)}\r\n`,
    )
    const endless = async (path: string, type: string, begin: string) => {
      const line = openLine(urls.uploadUrl)
      const chunk = (data: string | Uint8Array) =>
        Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), Buffer.from(data), Buffer.from('\r\n')])
      line.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`)
      line.write(chunk(begin))
      let isOver = false
      const said = line.closed.finally(() => (isOver = true))
      while (!isOver) {
        line.write(chunk(bytes))
        await new Promise((resolve) => setImmediate(resolve))
      }
      return await said
    }
    await endless(pathname + search, 'multipart/form-data; boundary=b', `${head.join('')}${part('name="file"; filename="x"')}`)
    await endless(pathname + search, 'multipart/form-data; boundary=b', part('name="file"; filename="x"'))
    await endless('/api/upload/new/task', 'application/json', '{"token":"')
    expect((await infoOf(urls)).expectBlocks).toEqual([{ startByte: 0, endByte: bytes.length }])
    expect((await sendBlock(urls, bytes, 0, bytes.length)).retCode).toBe('0')
    await expect.poll(() => house.heard[0]?.body.retCode, within).toBe('0')
    expect(
      createHash('sha256')
        .update(await readFile(house.target))
        .digest('hex'),
    ).toBe(createHash('sha256').update(bytes).digest('hex'))
  }, 300_000)
})
