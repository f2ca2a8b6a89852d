import { expect, test } from 'vitest'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { createShow } from '#server/testing/show.ts'
import { join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'

const password = 'seven lanterns by the sea'
const origin = 'http://localhost'

test('a page stands in its HTML, in the language that is asked for, and runs nothing inline', async () => {
  await using house = await startMatinee('embedded')
  const page = await house.inject({ path: '/', headers: { accept: 'text/html', 'accept-language': 'zh-TW' } })
  expect(page.status).toBe(200)
  expect(page.text).toContain('<html lang="zh-TW" data-theme="dark">')
  expect(page.text).toContain('一家新戲院')
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  expect(page.headers['content-security-policy']).not.toContain('unsafe')
  expect(page.text).not.toMatch(/<style|\sstyle=|\son\w+=|<script>/)
})

test('what a device has chosen comes before what its browser asks for', async () => {
  await using house = await startMatinee('embedded')
  const headers = { accept: 'text/html', 'accept-language': 'en', cookie: 'language=zh-CN; theme=light' }
  expect((await house.inject({ path: '/', headers })).text).toContain('<html lang="zh-CN" data-theme="light">')
  const nonsense = { ...headers, cookie: 'language=xx; theme="><script>; timezone=Nowhere/At-all' }
  const page = await house.inject({ path: '/', headers: nonsense })
  expect(page.text).toContain('<html lang="en" data-theme="dark">')
  expect(page.text).not.toContain('"><script>')
})

test('[T22] whatever the address asks for, signing in by a form leads to a page of ours', async () => {
  await using house = await startMatinee('embedded')
  await register(house)
  const wishes = [
    'https://elsewhere.example',
    '//elsewhere.example',
    ['javascript', 'alert(1)'].join(':'),
    '/\\elsewhere.example',
    '__proto__',
    'constructor',
    'settings/../..',
    '%0d%0aLocation:x',
    '',
  ]
  for (const wish of wishes) {
    const answer = await send(house, `/login?to=${encodeURIComponent(wish)}`, { username: 'mei', password })
    expect([answer.status, answer.headers.location]).toEqual([303, '/'])
  }
  const answer = await send(house, '/login?to=settings', { username: 'mei', password })
  expect(answer.headers.location).toBe('/settings')
})

test('a form without script signs in: the session comes with the redirect', async () => {
  await using house = await startMatinee('embedded')
  await register(house)
  const answer = await send(house, '/login', { username: 'mei', password })
  const [cookie = ''] = answer.headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^matinee=.+HttpOnly/)
  const page = await house.inject({ path: '/settings', headers: { accept: 'text/html', cookie: cookie.split(';')[0] ?? '' } })
  expect(page.status).toBe(200)
  expect(page.headers['cache-control']).toContain('private')
})

test('what is wrong stands in the page again, with what was written and without the secret', async () => {
  await using house = await startMatinee('embedded')
  await register(house)
  const answer = await send(house, '/login', { username: 'mei"><b>', password: 'a secret that is wrong' })
  expect(answer.status).toBe(401)
  expect(answer.text).toContain('Name or password is wrong.')
  expect(answer.text).toContain('mei&quot;&gt;&lt;b&gt;')
  expect(answer.text).not.toContain('a secret that is wrong')
})

test('a form without its token, or from elsewhere, changes nothing', async () => {
  await using house = await startMatinee('embedded')
  await register(house)
  const body = new URLSearchParams({ username: 'mei', password }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', host: 'localhost', origin }
  expect((await house.inject({ method: 'POST', path: '/login', headers, body })).status).toBe(403)
  const whole = await formOf(house, '/login', { username: 'mei', password })
  const foreign = await house.inject({
    method: 'POST',
    path: '/login',
    headers: { ...headers, origin: 'https://elsewhere.example' },
    body: whole,
  })
  expect(foreign.status).toBe(403)
  expect(foreign.headers['set-cookie']).toBeUndefined()
})

test('files of the build are packed, kept for ever, and nothing else is handed out', async () => {
  await using house = await startMatinee('embedded')
  const page = await house.inject({ path: '/', headers: { accept: 'text/html' } })
  // The scripts that the first one runs, in their order: it is too small to be packed, they are not.
  const run = [...page.text.matchAll(/href="(\/assets\/[^"]+\.js)"[^>]* data-run/g)].map(([, file = '']) => file)
  const places = ['react', 'house', 'app'].map((name) => run.findIndex((file) => file.startsWith(`/assets/${name}-`)))
  expect(places.every((place, at) => place > (places[at - 1] ?? -1))).toBe(true)
  const script = run[places[1] ?? -1] ?? ''
  const file = await house.inject({ path: script, headers: { 'accept-encoding': 'br' } })
  expect(file.headers).toMatchObject({ 'content-encoding': 'br', 'cache-control': 'public, max-age=31536000, immutable' })
  const known = await house.inject({ path: script, headers: { 'if-none-match': String(file.headers.etag) } })
  expect(known.status).toBe(304)
  for (const path of ['/assets/manifest.json', '/assets/..%2fmanifest.json', '/assets/nothing.js', '/icons/..', '/manifest.json'])
    expect((await house.inject({ path })).status).toBeGreaterThanOrEqual(400)
})

test('an address without a page answers 404 with a page to people, and with JSON to programs', async () => {
  await using house = await startMatinee('embedded')
  const page = await house.inject({ path: '/nowhere', headers: { accept: 'text/html' } })
  expect(page.status).toBe(404)
  expect(page.text).toContain('Nothing is shown here')
  expect((await house.inject({ path: '/nowhere' })).headers['content-type']).toContain('json')
})

test('what one may not see stands in the HTML of no page, whoever looked at the same page just before', async () => {
  await using house = await startMatinee('embedded', { without: ['worker'] })
  await joinAsOwner(house)
  const [ann, bob] = [await join(house, 'ann'), await join(house, 'bob')]
  const show = createShow(house, ann)
  await show.film({ title: 'For everybody' })
  const inner = await show.film({ title: 'For members', visibility: 'members' })
  const own = await show.film({ title: 'For nobody else', visibility: 'private' })
  const read = async (path: string, who?: Visitor) => {
    const headers = { accept: 'text/html', 'accept-language': 'en', ...(who ? { cookie: `matinee=${who.token}` } : {}) }
    return (await house.inject({ path, headers })).text
  }
  const hiddenOn = async (path: string, who?: Visitor) => {
    const text = await read(path, who)
    return ['For members', 'For nobody else'].filter((title) => text.includes(title))
  }
  for (const _again of [1, 2]) {
    for (const path of ['/', '/@ann', `/watch/${inner}`]) {
      expect(await hiddenOn(path, bob), path).toEqual(['For members'])
      expect(await hiddenOn(path), path).toEqual([])
    }
    expect(await hiddenOn(`/watch/${own}`, ann)).toContain('For nobody else')
    expect(await hiddenOn(`/watch/${own}`, bob)).not.toContain('For nobody else')
    expect(await read('/')).toContain('For everybody')
  }
  const tokens = [await read('/', bob), await read('/', bob), await read('/', ann)].map(
    (text) => /name="formToken" value="([^"]+)"/.exec(text)?.[1],
  )
  expect(new Set(tokens).size, 'each has a token of its own').toBe(3)
  await show.change(inner, { visibility: 'private' })
  await expect.poll(() => hiddenOn('/', bob), { timeout: 20_000 }).toEqual([])
})

test('a comment is written by a form without script, stands on the page as text, and needs the form’s token', async () => {
  await using house = await startMatinee('embedded', { without: ['worker'] })
  await joinAsOwner(house)
  const [ann, bob] = [await join(house, 'ann'), await join(house, 'bob')]
  const film = await createShow(house, ann).film({ title: 'Much talked about' })
  const path = `/watch/${film}`
  const headers = { accept: 'text/html', host: 'localhost', cookie: `matinee=${bob.token}` }
  const read = async () => (await house.inject({ path, headers })).text
  const form = /<form[^>]*action="[^"]*"[^>]*>(?:(?!<\/form>).)*name="text"(?:(?!<\/form>).)*<\/form>/s.exec(await read())?.[0] ?? ''
  const formToken = /name="formToken" value="([^"]+)"/.exec(form)?.[1] ?? ''
  expect(/action="([^"]*)"/.exec(form)?.[1]).toBe(path)
  const say = (fields: Record<string, string>) =>
    house.inject({
      ...{ method: 'POST', path, body: new URLSearchParams(fields).toString() },
      headers: { ...headers, origin, 'content-type': 'application/x-www-form-urlencoded' },
    })
  expect((await say({ text: 'Said by nobody', formToken: 'x' })).status).toBe(403)
  const said = await say({ text: 'The <b>light</b> at the end', formToken })
  expect([said.status, said.headers.location]).toEqual([303, `${path}#comments-title`])
  const page = await read()
  expect(page).toContain('The &lt;b&gt;light&lt;/b&gt; at the end')
  expect(page).not.toContain('Said by nobody')
})

async function register(house: TestMatinee): Promise<void> {
  await house.inject({ method: 'POST', path: '/api/user', body: { username: 'mei', password } })
}

async function formOf(house: TestMatinee, path: string, values: Record<string, string>): Promise<string> {
  const page = await house.inject({ path, headers: { accept: 'text/html', host: 'localhost' } })
  const formToken = /name="formToken" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  return new URLSearchParams({ ...values, formToken }).toString()
}

async function send(house: TestMatinee, path: string, values: Record<string, string>) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', host: 'localhost', origin }
  return await house.inject({ method: 'POST', path, headers, body: await formOf(house, path, values) })
}
