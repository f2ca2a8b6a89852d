import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  blockForm,
  type Envelope,
  infoOf as info,
  md5,
  openUploadsHouse,
  sendBlock as send,
  type Urls,
} from '#server/testing/uploads-house.ts'

const openBusiness = (server: Record<string, unknown> = {}) => openUploadsHouse({ server })

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('The block protocol', () => {
  test('blocks in any order and either spelling become the file, whole, at its place, and the callback says so', async () => {
    const business = await openBusiness()
    const bytes = randomBytes(300_000)
    const opened = await business.open(bytes)
    expect(opened).toMatchObject({ httpStatus: 200, retCode: '0' })
    const urls = opened.data as Urls
    expect(Number.isSafeInteger(urls.taskId)).toBe(true)
    expect(await send(urls, bytes, 200_000, 300_000)).toMatchObject({ retCode: '0', data: { startByte: 200_000, endByte: 300_000 } })
    expect(await send(urls, bytes, 0, 1000, { change: { endByte: '999' } })).toMatchObject({
      retCode: '0',
      data: { startByte: 0, endByte: 1000 },
    })
    expect(await info(urls)).toMatchObject({
      retCode: '0',
      totalSize: 300_000,
      status: 'upload',
      expectBlocks: [{ startByte: 1000, endByte: 200_000 }],
    })
    expect((await info(urls, '&inclusive=1')).expectBlocks).toEqual([{ startByte: 1000, endByte: 199_999 }])
    expect(existsSync(business.target)).toBe(false)
    const overlapping = await Promise.all([send(urls, bytes, 500, 100_000), send(urls, bytes, 100_000, 250_000, { isFileFirst: true })])
    expect(overlapping.map(({ retCode }) => retCode)).toEqual(['0', '0'])
    const callback = await until(() => business.heard[0])
    expect(callback).toEqual({
      body: { retCode: '0', status: 'ok', data: { any: ['thing'] } },
      taskId: String(urls.taskId),
      isSigned: true,
    })
    expect((await readFile(business.target)).equals(bytes)).toBe(true)
    expect(await readdir(join(business.root, '.matinee'))).toEqual([])
    expect(await info(urls)).toMatchObject({ retCode: '0', status: 'upload', expectBlocks: [] })
    expect(await send(urls, bytes, 0, 1000)).toMatchObject({ retCode: '0' })
  })

  test('[U9] a block that is not what it says changes nothing', async () => {
    const business = await openBusiness()
    const bytes = randomBytes(10_000)
    const urls = (await business.open(bytes)).data as Urls
    expect((await send(urls, bytes, 0, 4000)).retCode).toBe('0')
    const wrong = { partMd5: md5(randomBytes(3)) }
    expect((await send(urls, bytes, 4000, 8000, { change: wrong })).retCode).toBe('9')
    expect((await send(urls, randomBytes(10_000), 2000, 6000)).retCode).toBe('9')
    expect((await send(urls, bytes, 4000, 8000, { change: { endByte: '8001' } })).retCode).toBe('3')
    expect((await send(urls, bytes, 4000, 8000, { change: { endByte: '7000' } })).retCode).toBe('3')
    expect((await send(urls, bytes, 4000, 8000, { change: { endByte: 'x' } })).retCode).toBe('3')
    expect((await info(urls)).expectBlocks).toEqual([{ startByte: 4000, endByte: 10_000 }])
    expect((await send(urls, bytes, 2000, 10_000)).retCode).toBe('0')
    await until(() => business.heard[0])
    expect((await readFile(business.target)).equals(bytes)).toBe(true)
  })

  test('a wrong whole is told, in the task and in the callback, and can be repaired', async () => {
    const business = await openBusiness()
    const [bytes, other] = [randomBytes(5000), randomBytes(5000)]
    const urls = (await business.open(bytes)).data as Urls
    expect((await send(urls, other, 0, 5000)).retCode).toBe('0')
    expect((await until(() => business.heard[0])).body).toMatchObject({ retCode: '9', data: null })
    expect((await info(urls)).expectBlocks).toEqual([{ startByte: 0, endByte: 5000 }])
    expect(existsSync(business.target)).toBe(false)
    expect((await send(urls, bytes, 0, 5000)).retCode).toBe('0')
    expect((await until(() => business.heard[1])).body).toMatchObject({ retCode: '0' })
    expect((await readFile(business.target)).equals(bytes)).toBe(true)
  })

  test('[U7] [U8] what was answered is held by the next process, and callbacks are sent again until they are heard', async () => {
    const business = await openBusiness()
    business.answers.push(500, 302)
    const bytes = randomBytes(20_000)
    const urls = (await business.open(bytes)).data as Urls
    expect((await send(urls, bytes, 5000, 20_000)).retCode).toBe('0')
    await business.restart()
    const again = (await business.open(bytes)).data as Urls
    expect(again.taskId).toBe(urls.taskId)
    expect((await info(again)).expectBlocks).toEqual([{ startByte: 0, endByte: 5000 }])
    expect((await send(again, bytes, 0, 5000)).retCode).toBe('0')
    await until(() => business.heard[0])
    expect(business.answers).toEqual([])
    expect((await readFile(business.target)).equals(bytes)).toBe(true)
  })

  test('paused tasks refuse blocks, cancelled ones everything, and their bytes go', async () => {
    const business = await openBusiness()
    const bytes = randomBytes(100)
    const urls = (await business.open(bytes)).data as Urls
    const { taskId } = urls
    expect((await business.post(urls.stateUrl, { taskId, status: 'pause' })).retCode).toBe('0')
    expect((await send(urls, bytes, 0, 100)).retCode).toBe('8')
    expect((await info(urls)).status).toBe('pause')
    expect((await business.post(urls.stateUrl, { taskId, status: 'upload' })).retCode).toBe('0')
    expect((await business.post(urls.stateUrl, { taskId, status: 'cancel' })).retCode).toBe('0')
    expect(await info(urls)).toMatchObject({ retCode: '2', status: 'cancel', expectBlocks: [] })
    expect((await send(urls, bytes, 0, 100)).retCode).toBe('2')
    expect((await business.post(urls.stateUrl, { taskId, status: 'upload' })).retCode).toBe('2')
    expect(await readdir(join(business.root, '.matinee'))).toEqual([])
  })

  test('the same file again needs no bytes, and is verified all the same; a file of no bytes needs none either', async () => {
    const business = await openBusiness()
    const bytes = randomBytes(3000)
    const urls = (await business.open(bytes)).data as Urls
    await send(urls, bytes, 0, 3000)
    await until(() => business.heard[0])
    const second = (await business.open(bytes, { fileName: 'second.mp4' })).data as Urls
    expect((await info(second)).expectBlocks).toEqual([])
    await until(() => business.heard[1])
    expect((await readFile(join(business.root, 'films', 'second.mp4'))).equals(bytes)).toBe(true)
    await writeFile(business.target, randomBytes(3000))
    await writeFile(join(business.root, 'films', 'second.mp4'), randomBytes(3000))
    const third = (await business.open(bytes, { fileName: 'third.mp4' })).data as Urls
    const wanted = await until(async () => (await info(third)).expectBlocks[0])
    expect(wanted).toEqual({ startByte: 0, endByte: 3000 })
    await business.open(new Uint8Array(0), { fileName: 'empty', fileSize: 0 })
    await until(() => business.heard[2])
    expect(await readFile(join(business.root, 'films', 'empty'))).toHaveLength(0)
  })

  test('[U10] an opening is refused with a wrong token, a wrong place, a wrong size, a taken name', async () => {
    const business = await openBusiness({ maxFileSize: 1000, quota: 1500 })
    const bytes = randomBytes(900)
    await mkdir(join(business.root, 'films'), { recursive: true })
    await symlink(business.folder, join(business.root, 'out'))
    await writeFile(join(business.root, 'films', 'there.mp4'), 'x')
    const refusals: [string, Record<string, unknown>][] = [
      ['4', { token: 'agreed-between-you' }],
      ['4', { token: undefined }],
      ['5', { storePath: business.folder }],
      ['5', { storePath: join(business.root, '../root2') }],
      ['5', { storePath: `${business.root}/a/../../..` }],
      ['5', { storePath: join(business.root, 'out') }],
      ['5', { storePath: join(business.root, 'out', 'deeper') }],
      ['5', { storePath: join(business.root, '.matinee') }],
      ['5', { storePath: 'films' }],
      ['5', { storePath: `${business.root}/a\0b` }],
      ['5', { fileName: '../hello.mp4' }],
      ['5', { fileName: '..' }],
      ['5', { fileName: '' }],
      ['5', { fileName: 'there.mp4' }],
      ['6', { fileSize: 1001 }],
      ['3', { fileSize: -1 }],
      ['3', { fileSize: '1e3' }],
      ['3', { fileMd5: 'short' }],
      ['3', { fileMd5: undefined }],
      ['3', { userId: 7 }],
    ]
    for (const [retCode, more] of refusals)
      expect(await business.open(bytes, more), JSON.stringify(more)).toMatchObject({ retCode, httpStatus: 200 })
    const opened = await Promise.all(Array.from({ length: 10 }, (_, n) => business.open(bytes, { fileName: `${n}` })))
    expect(opened.filter(({ retCode }) => retCode === '0')).toHaveLength(1)
    expect(opened.filter(({ retCode }) => retCode === '6')).toHaveLength(9)
  })

  test('what is not of the protocol is refused with its envelope: no signature, no file, text for a file, two files, too much', async () => {
    const business = await openBusiness({ blockLimit: 2000 })
    const bytes = randomBytes(5000)
    const urls = (await business.open(bytes)).data as Urls
    const post = async (body: BodyInit, url = urls.uploadUrl) => {
      const answer = await fetch(url, { method: 'POST', body })
      return { httpStatus: answer.status, ...((await answer.json()) as Envelope) }
    }
    const fields = { startByte: '0', endByte: '1000', partMd5: md5(bytes.subarray(0, 1000)) }
    const unsigned = urls.uploadUrl.replace(/&s=.*/, '')
    expect((await post(blockForm(bytes.subarray(0, 1000), fields), unsigned)).retCode).toBe('10')
    expect(await post('not a form')).toMatchObject({ httpStatus: 400, retCode: '3' })
    const none = new FormData()
    none.set('startByte', '0')
    expect(await post(none)).toMatchObject({ httpStatus: 200, retCode: '3' })
    none.set('file', '/tmp/1.mp4.01')
    expect((await post(none)).status).toContain('@')
    const two = blockForm(bytes.subarray(0, 1000), fields)
    two.append('file', new Blob([Buffer.from(bytes)]), 'again')
    expect((await post(two)).retCode).toBe('3')
    const long = await send(urls, bytes, 0, 3000)
    expect(long).toMatchObject({ httpStatus: 413, retCode: '6' })
    const notJson = await fetch(urls.stateUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' })
    expect([notJson.status, ((await notJson.json()) as Envelope).retCode]).toEqual([400, '3'])
  })
})
