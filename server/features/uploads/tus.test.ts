import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'

const version = { 'tus-resumable': '1.0.0' }
const octets = { ...version, 'content-type': 'application/offset+octet-stream' }
const base64 = (text: string) => Buffer.from(text).toString('base64')
const sum = (algorithm: string, bytes: Uint8Array) => `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`

describe('The door of tus', () => {
  let house: TestMatinee
  let url: string
  let token: string
  let stranger: string

  beforeAll(async () => {
    house = await startMatinee('embedded')
    url = await house.url()
    const register = async (username: string) => {
      const answer = await house.inject({ method: 'POST', path: '/api/user', body: { username, password: 'a long enough word 42' } })
      return (answer.json as { token: string }).token
    }
    token = await register('lumiere')
    stranger = await register('melies')
  })
  afterAll(() => house?.[Symbol.asyncDispose]())

  const call = (method: string, to: string, headers: Record<string, string>, body?: Uint8Array) =>
    fetch(to, { method, headers, ...(body ? { body: Buffer.from(body) } : {}) })
  const create = (headers: Record<string, string>, body?: Uint8Array) =>
    call('POST', `${url}/api/tus`, { ...version, authorization: `Bearer ${token}`, ...headers }, body)
  const opened = async (headers: Record<string, string>) => {
    const answer = await create(headers)
    expect(answer.status).toBe(201)
    return answer.headers.get('location') ?? ''
  }
  const offsetOf = async (at: string) => Number((await call('HEAD', at, version)).headers.get('upload-offset'))
  const patch = (at: string, offset: number, bytes: Uint8Array, more: Record<string, string> = {}) =>
    call('PATCH', at, { ...octets, 'upload-offset': String(offset), ...more }, bytes)
  /** A PATCH that promises more than it brings, and is cut off. */
  const breakOff = (at: string, offset: number, bytes: Uint8Array, leftMs: number) =>
    new Promise<void>((resolve) => {
      const headers = { ...octets, 'upload-offset': String(offset), 'content-length': String(bytes.length + 1) }
      const cut = request(at, { method: 'PATCH', headers })
      cut.on('error', () => {})
      cut.on('close', resolve)
      cut.write(bytes, () => setTimeout(() => cut.destroy(), leftMs))
    })
  const sourceOf = async (vid: string) => {
    const folder = join(house.folder, 'blobs', 'sources', vid)
    return await readFile(join(folder, (await readdir(folder))[0] ?? ''))
  }
  const titled = async (title: string) => {
    const answer = await house.inject({ method: 'GET', path: '/api/user/lumiere/videos', headers: { authorization: `Bearer ${token}` } })
    return (answer.json as { items: { id: string; title: string; state: string }[] }).items.find((video) => video.title === title)
  }
  const arrived = async (title: string) => {
    await expect.poll(async () => (await titled(title))?.state, { timeout: 60_000 }).not.toMatch(/draft|uploading/)
    return await sourceOf((await titled(title))?.id ?? '')
  }

  test('OPTIONS tells what it can do, without a version, and whoever speaks another one is told', async () => {
    for (const to of [`${url}/api/tus`, `${url}/api/tus/1.x`]) {
      const answer = await call('OPTIONS', to, {})
      expect(answer.status).toBe(204)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'tus-resumable': '1.0.0',
        'tus-version': '1.0.0',
        'tus-extension': 'creation,creation-with-upload,termination,checksum,expiration,concatenation',
        'tus-checksum-algorithm': 'sha1,md5,sha256',
        'tus-max-size': String(2 ** 41),
      })
    }
    const other = await create({ 'tus-resumable': '0.2.2', 'upload-length': '1' })
    expect([other.status, other.headers.get('tus-version')]).toEqual([412, '1.0.0'])
  })

  test('an upload is created, brought in steps, looked at, and becomes a film', async () => {
    const bytes = randomBytes(40_000)
    const metadata = `filename ${base64('片.mp4')},filetype ${base64('video/mp4')},odd`
    const answer = await create({ 'upload-length': '40000', 'upload-metadata': metadata })
    const at = answer.headers.get('location') ?? ''
    expect(Date.parse(answer.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now())
    const first = await patch(at, 0, bytes.subarray(0, 10_000))
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '10000'])
    expect(first.headers.get('upload-expires')).not.toBeNull()
    const seen = await call('HEAD', at, version)
    expect([seen.status, await seen.text()]).toEqual([200, ''])
    expect(Object.fromEntries(seen.headers)).toMatchObject({
      'upload-offset': '10000',
      'upload-length': '40000',
      'upload-metadata': metadata,
      'cache-control': 'no-store',
      'tus-resumable': '1.0.0',
    })
    const ahead = await patch(at, 20_000, bytes.subarray(20_000))
    expect([ahead.status, ahead.headers.get('upload-offset')]).toEqual([409, '10000'])
    const again = await patch(at, 0, bytes.subarray(0, 10_000))
    expect([again.status, again.headers.get('upload-offset')]).toEqual([409, '10000'])
    expect((await patch(at, 10_000, Buffer.concat([bytes.subarray(10_000), bytes.subarray(0, 1)]))).status).toBe(413)
    expect(await offsetOf(at)).toBe(10_000)
    const rest = await call('POST', at, { ...octets, 'x-http-method-override': 'PATCH', 'upload-offset': '10000' }, bytes.subarray(10_000))
    expect([rest.status, rest.headers.get('upload-offset')]).toEqual([204, '40000'])
    expect((await arrived('片')).equals(bytes)).toBe(true)
    expect(await offsetOf(at)).toBe(40_000)
    expect((await call('DELETE', at, version)).status).toBe(403)
  })

  test('what is malformed is refused by the statuses that the protocol has for it', async () => {
    const at = await opened({ 'upload-length': '100' })
    const bytes = randomBytes(100)
    expect((await create({})).status).toBe(400)
    expect((await create({ 'upload-defer-length': '1' })).status).toBe(400)
    expect((await create({ 'upload-length': '-1' })).status).toBe(400)
    expect((await create({ 'upload-length': String(2 ** 41 + 1) })).status).toBe(413)
    expect((await create({ 'upload-length': '1', 'upload-metadata': 'a b c' })).status).toBe(400)
    expect((await create({ 'upload-length': '1', 'upload-metadata': 'a YQ==,a YQ==' })).status).toBe(400)
    expect((await create({ 'upload-length': '1', 'upload-concat': 'whole' })).status).toBe(400)
    expect((await create({ 'upload-length': '1', authorization: '' })).status).toBe(401)
    expect((await call('PATCH', at, { ...version, 'content-type': 'text/plain', 'upload-offset': '0' }, bytes)).status).toBe(415)
    expect((await call('PATCH', at, octets, bytes)).status).toBe(400)
    expect((await call('PATCH', at, { ...octets, 'tus-resumable': '' }, bytes)).status).toBe(412)
    expect((await call('POST', at, version)).status).toBe(405)
    const forged = at.replace(/[^.]+$/, 'x'.repeat(43))
    for (const method of ['HEAD', 'PATCH', 'DELETE'])
      expect((await call(method, forged, { ...octets, 'upload-offset': '0' })).status).toBe(404)
    expect(await offsetOf(at)).toBe(0)
  })

  test('a wrong checksum is 460 and throws away what came; a right one of each kind counts', async () => {
    const bytes = randomBytes(9000)
    const at = await opened({ 'upload-length': '9000', 'upload-metadata': `filename ${base64('summed')}` })
    expect((await patch(at, 0, bytes.subarray(0, 3000), { 'upload-checksum': sum('sha1', bytes) })).status).toBe(460)
    expect((await patch(at, 0, bytes.subarray(0, 3000), { 'upload-checksum': 'crc64 AAAA' })).status).toBe(400)
    expect((await patch(at, 0, bytes.subarray(0, 3000), { 'upload-checksum': 'sha1' })).status).toBe(400)
    expect(await offsetOf(at)).toBe(0)
    for (const [place, algorithm] of ['sha1', 'md5', 'sha256'].entries()) {
      const part = bytes.subarray(place * 3000, (place + 1) * 3000)
      expect((await patch(at, place * 3000, part, { 'upload-checksum': sum(algorithm, part) })).status).toBe(204)
    }
    expect((await arrived('summed')).equals(bytes)).toBe(true)
  })

  test('a creation may bring bytes; of a line that breaks, what came is held', async () => {
    const bytes = randomBytes(30_000)
    const answer = await create(
      { ...octets, 'upload-length': '30000', 'upload-metadata': `filename ${base64('with')}` },
      bytes.subarray(0, 5000),
    )
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([201, '5000'])
    const at = answer.headers.get('location') ?? ''
    let held = 5000
    // A line that breaks at once may take with it what the server had no time to look at: each time it is left standing longer.
    for (let leftMs = 20; held === 5000; leftMs *= 3) {
      await breakOff(at, 5000, bytes.subarray(5000, 12_000), leftMs)
      held = await offsetOf(at)
    }
    expect(held).toBeLessThanOrEqual(12_000)
    expect((await patch(at, held, bytes.subarray(held))).status).toBe(204)
    expect((await arrived('with')).equals(bytes)).toBe(true)
    const whole = await create(
      { ...octets, 'upload-length': '10', 'upload-metadata': `filename ${base64('at once')}` },
      bytes.subarray(0, 10),
    )
    expect([whole.status, whole.headers.get('upload-offset')]).toEqual([201, '10'])
    expect((await arrived('at once')).equals(bytes.subarray(0, 10))).toBe(true)
  })

  test('parts in any order become one film, once all are there, and for nobody else', async () => {
    const bytes = randomBytes(20_000)
    const cuts = [0, 7000, 7001, 20_000]
    const parts = await Promise.all(
      [0, 1, 2]
        .map(() => undefined)
        .map((_, n) => opened({ 'upload-concat': 'partial', 'upload-length': String((cuts[n + 1] ?? 0) - (cuts[n] ?? 0)) })),
    )
    const final = (urls: string[], more: Record<string, string> = {}) =>
      create({ 'upload-concat': `final;${urls.join(' ')}`, 'upload-metadata': `filename ${base64('joined')}`, ...more })
    expect((await call('HEAD', parts[0] ?? '', version)).headers.get('upload-concat')).toBe('partial')
    for (const n of [2, 0]) expect((await patch(parts[n] ?? '', 0, bytes.subarray(cuts[n], cuts[n + 1]))).status).toBe(204)
    expect((await final(parts)).status).toBe(400)
    expect((await patch(parts[1] ?? '', 0, bytes.subarray(7000, 7001))).status).toBe(204)
    expect((await final(parts, { 'upload-length': '20000' })).status).toBe(400)
    expect((await final(parts, { authorization: `Bearer ${stranger}` })).status).toBe(400)
    expect((await final([...parts, parts[0] ?? ''])).status).toBe(400)
    const made = await final(parts.map((at, n) => (n === 0 ? new URL(at).pathname : at)))
    expect(made.status).toBe(201)
    expect((await arrived('joined')).equals(bytes)).toBe(true)
    const at = made.headers.get('location') ?? ''
    const seen = await call('HEAD', at, version)
    expect(seen.headers.get('upload-concat')).toMatch(/^final;\/api\/tus\/\d+\./)
    expect([seen.headers.get('upload-offset'), seen.headers.get('upload-length')]).toEqual(['20000', '20000'])
    expect((await patch(at, 20_000, new Uint8Array(0))).status).toBe(403)
    await expect.poll(async () => (await call('HEAD', parts[0] ?? '', version)).status, { timeout: 60_000 }).toBe(410)
    await expect.poll(() => readdir(join(house.folder, 'uploads', '.matinee')), { timeout: 60_000 }).not.toContain('part')
  })

  test('an upload begun by one door is looked at, continued and ended by the others’', async () => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await house.inject({ method: 'POST', path: '/api/uploads', headers, body: { fileName: 'both.mp4', fileSize: 300 } })
    const { tusUrl, blocksUrl, uploadUrl } = answer.json as { tusUrl: string; blocksUrl: string; uploadUrl: string }
    const here = (to: string) => `${url}${to.slice(new URL(to).origin.length)}`
    const bytes = randomBytes(300)
    const block = async (start: number, end: number) => {
      const form = new FormData()
      const part = bytes.subarray(start, end)
      const fields = { startByte: String(start), endByte: String(end), partMd5: createHash('md5').update(part).digest('hex') }
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      form.set('file', new Blob([part]), 'block')
      return ((await (await fetch(here(uploadUrl), { method: 'POST', body: form })).json()) as { retCode: string }).retCode
    }
    const wanted = async () => ((await (await fetch(here(blocksUrl))).json()) as { expectBlocks: unknown }).expectBlocks
    expect(await block(200, 300)).toBe('0')
    expect(await offsetOf(here(tusUrl))).toBe(0)
    expect((await patch(here(tusUrl), 0, bytes.subarray(0, 100))).status).toBe(204)
    expect(await wanted()).toEqual([{ startByte: 100, endByte: 200 }])
    // What was held beyond joins what was brought.
    expect((await patch(here(tusUrl), 100, bytes.subarray(100, 150))).headers.get('upload-offset')).toBe('150')
    expect((await call('DELETE', here(tusUrl), version)).status).toBe(204)
    expect((await call('HEAD', here(tusUrl), version)).status).toBe(410)
    expect(await block(150, 200)).toBe('2')
  })
})
