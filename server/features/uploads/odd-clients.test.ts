import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import {
  blockForm,
  type Envelope,
  infoOf,
  md5,
  openLine,
  openUploadsHouse,
  rawForm,
  sendBlock,
  twins,
  type Urls,
} from '#server/testing/uploads-house.ts'

const within = { timeout: 60_000 }
const pathOf = (url: string) => url.slice(new URL(url).origin.length)
const fieldsOf = (bytes: Uint8Array, start: number, end: number) => ({
  startByte: String(start),
  endByte: String(end),
  partMd5: md5(bytes.subarray(start, end)),
})

describe('An odd client', () => {
  test('may speak HTTP/1.0, send without a length, and say more than it is asked', async () => {
    const house = await openUploadsHouse()
    const bytes = randomBytes(3000)
    const urls = (await house.open(bytes, { colour: 'red', nested: { a: [1] } })).data as Urls
    const say = async (version: string, more: string, body: Uint8Array) => {
      const line = openLine(urls.uploadUrl)
      line.write(
        `POST ${pathOf(urls.uploadUrl)} HTTP/${version}\r\nhost: localhost\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=b\r\n${more}\r\n`,
      )
      line.write(body)
      return await line.closed
    }
    const old = rawForm({ ...fieldsOf(bytes, 0, 1000), colour: 'red' }, bytes.subarray(0, 1000))
    expect(await say('1.0', `content-length: ${old.length}\r\n`, old)).toMatch(/^HTTP\/1\.1 200 [^]*"retCode":"0"/)
    const form = rawForm(fieldsOf(bytes, 1000, 2000), bytes.subarray(1000, 2000))
    const chunked = Buffer.concat([Buffer.from(`${form.length.toString(16)}\r\n`), form, Buffer.from('\r\n0\r\n\r\n')])
    expect(await say('1.1', 'transfer-encoding: chunked\r\n', chunked)).toMatch(/^HTTP\/1\.1 200 [^]*"retCode":"0"/)
    // The boundary of the body is another than the header says, and a form that stops in its file.
    const wrong = rawForm(fieldsOf(bytes, 2000, 3000), bytes.subarray(2000, 3000), 'c')
    expect(await say('1.1', `content-length: ${wrong.length}\r\n`, wrong)).toMatch(/^HTTP\/1\.1 [24]00 [^]*"retCode":"3"/)
    const cut = rawForm(fieldsOf(bytes, 2000, 3000), bytes.subarray(2000, 3000)).subarray(0, -30)
    expect(await say('1.1', `content-length: ${cut.length}\r\n`, cut)).toMatch(/^HTTP\/1\.1 400 [^]*"retCode":"3"/)
    expect((await infoOf(urls)).expectBlocks).toEqual([{ startByte: 2000, endByte: 3000 }])
    expect((await sendBlock(urls, bytes, 2000, 3000, { isFileFirst: true })).retCode).toBe('0')
    await expect.poll(() => house.heard[0]?.body.retCode, within).toBe('0')
  })

  test('is refused in the words of its person, and by the same code', async () => {
    const house = await openUploadsHouse()
    const bytes = randomBytes(100)
    const urls = (await house.open(bytes)).data as Urls
    await house.post(urls.stateUrl, { taskId: urls.taskId, status: 'pause' })
    const refused = async (language: string) => {
      const body = blockForm(bytes, fieldsOf(bytes, 0, 100))
      const answer = await fetch(urls.uploadUrl, { method: 'POST', headers: { 'accept-language': language }, body })
      return (await answer.json()) as Envelope
    }
    expect(await refused('en')).toMatchObject({ retCode: '8', status: expect.stringContaining('send the status "upload" first') as string })
    expect(await refused('zh-CN')).toMatchObject({ retCode: '8', status: '上传已暂停。' })
    expect(await refused('zh-Hant-TW, zh;q=0.8')).toMatchObject({ retCode: '8', status: '上傳已暫停。' })
  })

  test('that sends what a finished file has is told "0", and refused where it differs', async () => {
    const house = await openUploadsHouse()
    const bytes = randomBytes(2000)
    const urls = (await house.open(bytes)).data as Urls
    await sendBlock(urls, bytes, 0, 2000)
    await expect.poll(() => house.heard.length, within).toBe(1)
    expect((await sendBlock(urls, bytes, 100, 2000)).retCode).toBe('0')
    expect((await sendBlock(urls, randomBytes(2000), 100, 2000)).retCode).toBe('9')
    expect((await readFile(house.target)).equals(bytes)).toBe(true)
  })

  test('that tells the MD5 of the whole late is heard before the last block, and after it', async () => {
    const house = await openUploadsHouse({ server: { md5: 'late' } })
    const bytes = randomBytes(2000)
    const early = (await house.open(bytes, { fileMd5: undefined })).data as Urls
    const tell = (urls: Urls, fileMd5: string) => house.post(urls.stateUrl, { taskId: urls.taskId, status: 'upload', fileMd5 })
    await sendBlock(early, bytes, 0, 1000)
    expect((await tell(early, md5(randomBytes(3)))).retCode).toBe('0')
    await sendBlock(early, bytes, 1000, 2000)
    await expect.poll(() => house.heard[0]?.body.retCode, within).toBe('9')
    const late = (await house.open(bytes, { fileMd5: undefined, fileName: 'late' })).data as Urls
    await sendBlock(late, bytes, 0, 2000)
    await expect.poll(() => house.heard[1]?.body.retCode, within).toBe('0')
    expect((await tell(late, md5(bytes))).retCode).toBe('0')
    expect(await tell(late, md5(randomBytes(3)))).toMatchObject({ retCode: '9', status: expect.stringContaining(md5(bytes)) as string })
  })

  test('[T26] two files of one MD5 are two files, where the business server wants no instant uploads', async () => {
    const house = await openUploadsHouse({ server: { instant: false } })
    const pair = twins
    expect(new Set(pair.map(md5)).size).toBe(1)
    expect(new Set(pair.map((bytes) => createHash('sha256').update(bytes).digest('hex'))).size).toBe(2)
    for (const [n, bytes] of pair.entries()) {
      const urls = (await house.open(bytes, { fileName: `${n}` })).data as Urls
      expect((await infoOf(urls)).expectBlocks).toEqual([{ startByte: 0, endByte: 128 }])
      expect((await sendBlock(urls, bytes, 0, 128)).retCode).toBe('0')
      await expect.poll(() => house.heard.length, within).toBe(n + 1)
    }
    for (const [n, bytes] of pair.entries()) expect((await readFile(join(house.root, 'films', `${n}`))).equals(bytes)).toBe(true)
  })
})

describe('Two clients on one task', () => {
  test('[F7] the second is told "1" and what else is wanted, and takes over from the first when that one has stalled', async () => {
    const clock = createHeldClock()
    const house = await openUploadsHouse({ clock })
    const bytes = randomBytes(100_000)
    const urls = (await house.open(bytes)).data as Urls
    const form = rawForm(fieldsOf(bytes, 0, 50_000), bytes.subarray(0, 50_000))
    const line = openLine(urls.uploadUrl)
    const type = 'content-type: multipart/form-data; boundary=b'
    line.write(`POST ${pathOf(urls.uploadUrl)} HTTP/1.1\r\nhost: localhost\r\n${type}\r\ncontent-length: ${form.length}\r\n\r\n`)
    line.write(form.subarray(0, 20_000))
    // One that would be refused in any case: it tells whether the first has begun.
    const probe = () => sendBlock(urls, bytes, 0, 50_000, { change: { partMd5: md5(randomBytes(3)) } })
    await expect.poll(async () => (await probe()).retCode, within).toBe('1')
    const second = () => sendBlock(urls, bytes, 0, 50_000)
    expect(await second()).toMatchObject({ retCode: '1', data: { startByte: 50_000, endByte: 100_000 } })
    await clock.advance(1500)
    expect((await second()).retCode).toBe('0')
    expect((await sendBlock(urls, bytes, 50_000, 100_000)).retCode).toBe('0')
    await expect.poll(() => house.heard[0]?.body.retCode, within).toBe('0')
    expect((await readFile(house.target)).equals(bytes)).toBe(true)
    line.end()
  })
})

describe('A business server', () => {
  test('[F13] that is down for an hour, and for more than a day, hears by and by, or when it asks for it', async () => {
    const clock = createHeldClock()
    const house = await openUploadsHouse({ clock })
    const bytes = randomBytes(10)
    const tick = async () => {
      await clock.advance(1000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const fail = (count: number) => house.answers.push(...Array.from({ length: count }, () => 503))
    fail(5)
    const urls = (await house.open(bytes)).data as Urls
    await sendBlock(urls, bytes, 0, 10)
    await expect.poll(async () => (await tick(), clock.jump(600_000), house.heard.length), within).toBe(1)
    expect(house.heard[0]?.isSigned).toBe(true)
    fail(1000)
    const other = (await house.open(bytes, { fileName: 'other', fileMd5: md5(bytes) })).data as Urls
    const url = `${await house.url()}/api/upload/tasks`
    const look = async () =>
      (await house.post(url, { token: 'agreed-between-us' })).data as {
        unheard: { taskId: number; callback: { tries: number; nextAt: string | null } }[]
      }
    await expect.poll(async () => (await tick(), clock.jump(3_600_000), (await look()).unheard[0]?.callback.nextAt), within).toBe(null)
    const [unheard] = (await look()).unheard
    expect(unheard).toMatchObject({ taskId: other.taskId, callback: { retCode: '0' } })
    house.answers.length = 0
    expect((await house.post(`${url}/again`, { token: 'agreed-between-you', taskId: other.taskId })).retCode).toBe('4')
    // By the button of the page: what its form would send.
    const show = async (at: string, fields: Record<string, string>) =>
      await (await fetch(at, { method: 'POST', body: new URLSearchParams(fields) })).text()
    const [, action = '', token = '', taskId = ''] =
      /<form method="post" action="([^"]+)"><input type="hidden" name="token" value="([^"]+)"><input type="hidden" name="taskId" value="(\d+)"><button>/.exec(
        await show(url, { token: 'agreed-between-us' }),
      ) ?? []
    expect(taskId).toBe(String(other.taskId))
    expect(await show(new URL(action, url).href, { token, taskId })).toContain('<h1>')
    await expect.poll(() => house.heard[1]?.taskId, within).toBe(String(other.taskId))
    await expect.poll(async () => (await look()).unheard, within).toEqual([])
  })

  test('[T25] has idle uploads cancelled, hears of it, and gets their room back', async () => {
    const clock = createHeldClock()
    const house = await openUploadsHouse({ clock, server: { idleDays: 2, quota: 100 } })
    const bytes = randomBytes(100)
    const urls = (await house.open(bytes)).data as Urls
    await sendBlock(urls, bytes, 0, 50)
    expect((await house.open(bytes, { fileName: 'more', fileMd5: md5(Buffer.from('x')) })).retCode).toBe('6')
    clock.jump(86_400_000)
    await clock.advance(2000)
    expect((await infoOf(urls)).retCode).toBe('0')
    clock.jump(2 * 86_400_000)
    await expect.poll(async () => (await clock.advance(1000), house.heard[0]?.body), within).toMatchObject({ retCode: '2', data: null })
    expect(await infoOf(urls)).toMatchObject({ retCode: '2', status: 'cancel', expectBlocks: [] })
    expect((await house.open(bytes, { fileName: 'more', fileMd5: md5(Buffer.from('x')) })).retCode).toBe('0')
  })

  test('[F5] asks for more than the disk can hold, and is told so with the figure', async () => {
    const house = await openUploadsHouse({ server: { maxFileSize: 2 ** 52 } })
    const told = await house.open(randomBytes(1), { fileSize: 2 ** 51 })
    expect(told).toMatchObject({ httpStatus: 507, retCode: '7', status: expect.stringContaining(String(2 ** 51)) as string })
  })

  test('[T25] a hundred openings at once do not get past the quota', async () => {
    const house = await openUploadsHouse({ server: { quota: 1000 } })
    const opened = await Promise.all(Array.from({ length: 100 }, (_, n) => house.open(randomBytes(100), { fileName: `${n}` })))
    expect(opened.filter(({ retCode }) => retCode === '0')).toHaveLength(10)
    expect(opened.filter(({ retCode }) => retCode === '6')).toHaveLength(90)
  })

  test('has pages of its own that may upload, and no others', async () => {
    const origin = 'https://business.example'
    const house = await openUploadsHouse({ server: { origins: [origin] } })
    const bytes = randomBytes(10)
    const urls = (await house.open(bytes)).data as Urls
    const ask = async (from: string) => {
      const headers = { origin: from, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
      const preflight = await fetch(urls.uploadUrl, { method: 'OPTIONS', headers })
      const body = blockForm(bytes, fieldsOf(bytes, 0, 10))
      const sent = await fetch(urls.uploadUrl, { method: 'POST', headers: { origin: from }, body })
      return [preflight, sent].map((answer) => answer.headers.get('access-control-allow-origin'))
    }
    expect(await ask('https://elsewhere.example')).toEqual([null, null])
    expect((await infoOf(urls)).expectBlocks).toHaveLength(1)
    expect(await ask(origin)).toEqual([origin, origin])
    await expect.poll(() => house.heard.length, within).toBe(1)
  })

  test('that asks too often is told so in the envelope of the protocol', async () => {
    const house = await openUploadsHouse({ set: { 'limits.requestsPerMinute': '5' } })
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => house.open(randomBytes(1), { fileName: `${n}` })))
    const limited = answers.filter(({ httpStatus }) => httpStatus === 429)
    expect(limited.length).toBeGreaterThan(0)
    for (const { retCode, status, data, headers } of limited) {
      expect([retCode, data]).toEqual(['13', null])
      expect(status).not.toBe('')
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
  })

  test('sees its uploads on a page, without script, when it shows its token', async () => {
    const house = await openUploadsHouse()
    await house.open(randomBytes(10), { fileName: '<b>&.mp4' })
    const url = `${await house.url()}/api/upload/tasks`
    expect(await (await fetch(url)).text()).toContain('name="token"')
    const show = async (token: string) => {
      const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ token }) })
      return await answer.text()
    }
    expect(await show('agreed-between-us')).toContain('&lt;b&gt;&amp;.mp4')
    expect(await show('a guess of mine')).not.toContain('.mp4')
    const wrong = (await (
      await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"token":7}' })
    ).json()) as Envelope
    expect(wrong).toMatchObject({ retCode: '4', data: null })
  })
})
