import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'

const limit = 100_000
const password = 'a long enough word 42'
/** What becomes of it next is the worker’s. */
const afterUpload = /^(processing|playable|ready|failed)$/
type Person = { token: string; name: string }

describe('The simple form', () => {
  let house: TestMatinee
  let url: string
  let owner: Person
  let other: Person

  beforeAll(async () => {
    house = await startMatinee('embedded', { set: { 'limits.simpleUpload': String(limit) } })
    url = await house.url()
    const register = async (name: string) => {
      const answer = await house.inject({ method: 'POST', path: '/api/user', body: { username: name, password } })
      return { token: (answer.json as { token: string }).token, name }
    }
    owner = await register('lumiere')
    other = await register('melies')
  })
  afterAll(() => house?.[Symbol.asyncDispose]())

  const asPerson = ({ token }: Person) => ({ authorization: `Bearer ${token}` })
  const draft = async () => {
    const body = { title: 'A draft' }
    const answer = await house.inject({ method: 'POST', path: `/api/user/${owner.name}/videos`, headers: asPerson(owner), body })
    return (answer.json as { id: string }).id
  }
  const send = (
    vid: string,
    bytes: Uint8Array,
    more: { as?: Person; headers?: Record<string, string>; base?: string; field?: string } = {},
  ) => {
    const form = new FormData()
    form.set(more.field ?? 'file', new Blob([Buffer.from(bytes)]), '火车.mp4')
    const headers = { ...(more.as ? asPerson(more.as) : {}), ...more.headers }
    return fetch(`${url}${more.base ?? ''}/upload/${vid}`, { method: 'POST', headers, body: form, redirect: 'manual' })
  }
  const stateOf = async (vid: string) => {
    const answer = await house.inject({ method: 'GET', path: `/api/user/${owner.name}/videos/${vid}`, headers: asPerson(owner) })
    return (answer.json as { state: string }).state
  }
  const sourceOf = async (vid: string) => {
    const folder = join(house.folder, 'blobs', 'sources', vid)
    const [name = ''] = await readdir(folder)
    return readFile(join(folder, name))
  }

  test.each(['', '/api'])('takes a small film into a draft of one’s own, at %s/upload/:vid', async (base) => {
    const vid = await draft()
    const bytes = randomBytes(90_000)
    const answer = await send(vid, bytes, { as: owner, base })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toEqual({ videoId: vid, fileName: '火车.mp4', fileSize: bytes.length })
    expect(await stateOf(vid)).toMatch(afterUpload)
    expect((await sourceOf(vid)).equals(bytes)).toBe(true)
    expect(await readdir(join(house.folder, 'uploads', '.matinee'))).toEqual([])
  })

  test('makes a video where none is named, and takes a film of no bytes', async () => {
    const made = (await (await send('new', randomBytes(10), { as: owner })).json()) as { videoId: string }
    expect(await stateOf(made.videoId)).toMatch(afterUpload)
    expect((await send('new', new Uint8Array(0), { as: owner })).status).toBe(201)
  })

  test('nobody else’s drafts can be filled, and no stranger fills any', async () => {
    const vid = await draft()
    expect((await send(vid, randomBytes(10), { as: other })).status).toBe(404)
    expect((await send(vid, randomBytes(10))).status).toBe(401)
    expect((await send('nothing', randomBytes(10), { as: owner })).status).toBe(404)
    expect((await send(vid, randomBytes(10), { headers: asPerson({ token: 'expired', name: '' }) })).status).toBe(401)
    expect(await stateOf(vid)).toBe('draft')
  })

  test('a form without its file, with two, or that is none, is refused', async () => {
    const vid = await draft()
    expect((await send(vid, randomBytes(10), { as: owner, field: 'film' })).status).toBe(400)
    const two = new FormData()
    for (const name of ['a', 'b']) two.append('file', new Blob(['bytes']), name)
    const post = (body: BodyInit) => fetch(`${url}/upload/${vid}`, { method: 'POST', headers: asPerson(owner), body })
    expect((await post(two)).status).toBe(400)
    expect((await post('bytes')).status).toBe(400)
    expect(await stateOf(vid)).toBe('draft')
    expect(await readdir(join(house.folder, 'uploads', '.matinee'))).toEqual([])
  })

  test('what is too big is answered 400 "File is too big!" without reading the rest, with a length or without', async () => {
    const vid = await draft()
    const answer = await send(vid, randomBytes(limit + 1), { as: owner, headers: { 'accept-language': 'zh-CN' } })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('File is too big!')
    const head = `POST /api/upload/${vid} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${owner.token}\r\ncontent-type: multipart/form-data; boundary=b\r\n`
    expect(await answerOf(url, `${head}content-length: 900000000000\r\n\r\n--b\r\n`)).toMatch(/^HTTP\/1.1 400 [^]*File is too big!/)
    const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n'
    const bytes = Buffer.alloc(limit + 1, 'x').toString()
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
    // A film that never ends: the answer comes all the same.
    expect(await answerOf(url, `${head}transfer-encoding: chunked\r\n\r\n${chunk(part)}${chunk(bytes)}`)).toMatch(
      /^HTTP\/1.1 400 [^]*File is too big!/,
    )
    expect(await stateOf(vid)).toBe('draft')
  })

  test('the page at /testpage holds a form that works without script, and is answered with pages', async () => {
    const vid = await draft()
    for (const base of ['', '/api']) {
      const page = await fetch(`${url}${base}/testpage?vid=${vid}`)
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
      const text = await page.text()
      expect(text).toContain(`<form method="post" enctype="multipart/form-data" action="/upload/${vid}">`)
      expect(text).toContain('<input type="file" name="file"')
      expect(text).not.toContain('<script')
    }
    const cookie = `matinee=${owner.token}`
    const browser = { cookie, origin: url, accept: 'text/html,*/*;q=0.8' }
    expect((await send(vid, randomBytes(10), { headers: { ...browser, origin: 'https://elsewhere.example' } })).status).toBe(403)
    const sent = await send(vid, randomBytes(10), { headers: browser })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `/testpage?arrived=${vid}`])
    expect(await (await fetch(`${url}/testpage?arrived=${vid}`)).text()).toContain(`/watch/${vid}`)
    const tooBig = await send(vid, randomBytes(limit + 1), { headers: browser })
    expect(tooBig.status).toBe(400)
    expect(await tooBig.text()).toContain('<h1>File is too big!</h1>')
    expect((await fetch(`${url}/testpage?vid=%22%3E`)).status).toBe(400)
  })
})

/** All that comes before the line ends, to whoever stops sending in the middle. */
function answerOf(url: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
    let got = ''
    socket.on('data', (chunk) => {
      got += chunk.toString()
      if (got.includes('File is too big!')) socket.destroy()
    })
    socket.on('close', () => resolve(got))
    // A line that breaks after the answer has told it.
    socket.on('error', () => resolve(got))
  })
}
