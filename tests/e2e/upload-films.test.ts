import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { appendFile, copyFile, mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFilm } from '#server/testing/films.ts'
import { describeWith, isLong, times } from '#server/testing/grounds.ts'
import type { TestMatinee } from '#server/testing/matinee.ts'
import { openProxy } from '#server/testing/proxy.ts'
import type { Video } from '#shared/api/videos.ts'
import { languages } from '#shared/language.ts'
import { openStage, register, signIn } from './stage.ts'
import { texts } from './texts.ts'

const { en } = texts
const mebibyte = 2 ** 20
const patience = { timeout: isLong ? 600_000 : 120_000, interval: 100 }
const filmBytes = times(32, 1024) * mebibyte

describeWith('chromium', 'ffmpeg')('the page that uploads films', { timeout: isLong ? 1_800_000 : 300_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  let folder: string
  beforeAll(async () => {
    stage = await openStage()
    folder = await mkdtemp(join(tmpdir(), 'upload-films-'))
  })
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  test('a film that is dropped arrives whole and plays, though the line breaks, the page is reloaded, and its maker writes all the while', async () => {
    const path = await filmOf(join(folder, '雨天.The_Long.Road.mp4'), filmBytes)
    await using house = await stage.openHouse()
    const { token } = await register(house, 'mei')
    await using line = await openLine(house)
    await using seat = await stage.takeSeat(line.house)
    const { page } = seat
    const sent = await countSent(page)
    page.on('dialog', (dialog) => void dialog.accept())
    await signIn(seat, 'mei')
    await page.getByRole('link', { name: en.shell.places.upload }).click()
    await page.getByRole('button', { name: en.making.upload.choose }).waitFor()

    line.passUntil(0.2)
    await drop(page, path)
    const card = page.getByRole('article')
    await write(card, { title: 'The long road', tag: '公路' })
    await shareReaches(page, 0.1)
    const accidents = times(1, 2)
    for (let accident = 1; accident <= accidents; accident++) {
      await loseLine(page, line)
      line.passUntil(0.2 + (accident - 0.5) * (0.6 / accidents))
      await shareReaches(page, 0.1 + (accident - 0.5) * (0.6 / accidents))
      await page.reload()
      // It goes on by itself where the browser still lends the file; otherwise the same file is wanted, whatever it is called by now.
      line.passUntil(0.2 + accident * (0.6 / accidents))
      await goOn(page, path)
      await shareReaches(page, 0.1 + accident * (0.6 / accidents))
    }
    expect(await page.getByLabel(en.making.card.title).inputValue()).toBe('The long road')
    await card.getByLabel(en.making.fields.visibility, { exact: true }).selectOption('public')
    line.passUntil(2)
    await card.getByRole('link', { name: en.making.stage.watch }).waitFor({ timeout: patience.timeout })
    await expect.poll(() => card.locator('.film-kept').getAttribute('data-state'), patience).toBe('kept')

    const vid = String(await card.getByRole('link', { name: en.making.stage.watch }).getAttribute('href'))
      .split('/')
      .at(-1)
    const headers = { authorization: `Bearer ${token}` }
    const video = (await house.inject({ path: `/api/videos/${vid}`, headers })).json as Video
    expect(video).toMatchObject({ title: 'The long road', tags: ['公路'], visibility: 'public', description: 'Two people and a road.' })
    const stored = await fetch(`${await house.url()}/api/stream/${vid}`, { headers })
    expect(await digestOf(stored.body ?? [])).toBe(await digestOf(createReadStream(path)))
    expect(sent.bytes).toBeLessThanOrEqual(filmBytes * times(1.3, 1.02))
    expect(await seat.violations()).toEqual([])
    expect(seat.foreign).toEqual([])
  })

  test.for(languages)(
    'what it says stands in %s, the wrong file is refused by its content, and what is given up is gone from the server',
    async (language) => {
      const path = await filmOf(join(folder, `${language}.mp4`), mebibyte)
      const other = join(folder, `${language}-other.mp4`)
      await copyFile(path, other)
      await using file = await open(other, 'r+')
      await file.write('changed', mebibyte - 100)
      await using house = await stage.openHouse()
      const { token } = await register(house, 'mei')
      await using line = await openLine(house)
      await using seat = await stage.takeSeat(line.house, { language, device: language === 'en' ? 'desktop' : 'phone' })
      const { page } = seat
      const { making } = texts[language]
      page.on('dialog', (dialog) => void dialog.accept())
      await signIn(seat, 'mei')
      await page.goto('/upload-films')
      line.passUntil(0.05, 64 * mebibyte)
      const chooser = page.getByLabel(making.upload.choose, { exact: true }).and(page.locator('input'))
      await chooser.setInputFiles([path, join(import.meta.dirname, '../../README.md')])
      const card = page.getByRole('article')
      await card.getByText(making.stage.names.sending).waitFor()
      expect(await page.locator('.outcomes').textContent()).toContain('README.md')
      await seat.expectClean()
      await page.reload()
      await card.getByText(making.fileless.choose).waitFor()
      const asked = card.locator('input[type=file]')
      await asked.setInputFiles(other)
      await expect.poll(() => card.locator('.stage-words').getAttribute('data-held-up'), patience).toBe('true')
      expect(await seat.violations()).toEqual([])
      await asked.setInputFiles(path)
      await card.getByText(making.stage.names.sending).waitFor()
      if (language === 'en') await sleepAndWake(page, line)
      const headers = { authorization: `Bearer ${token}` }
      const drafts = async () =>
        ((await house.inject({ path: '/api/user/mei/videos', headers })).json as { items: Video[] }).items.map(({ title }) => title)
      await expect.poll(drafts, patience).toEqual([language])
      // The line is lost while it is given up: the house hears of it when there is one again.
      line.proxy.cut()
      await card.getByRole('button', { name: making.card.giveUp.replace('{name}', language) }).click()
      await page.getByText(making.upload.hints.privateTitle).waitFor()
      // What follows has no words, and takes as long as somebody may change their mind.
      if (language !== 'en') return
      await page.getByRole('button', { name: making.card.undo }).waitFor({ state: 'detached' })
      expect(await drafts()).toEqual([language])
      line.passUntil(2, 64 * mebibyte)
      line.proxy.restore()
      await expect.poll(drafts, patience).toEqual([])
      expect(await seat.violations()).toEqual([])
    },
  )

  test('on a phone a folder and the camera bring films, a frame becomes the cover, keys pause all, and who leaves is warned', async () => {
    const shelf = join(folder, 'shelf')
    await mkdir(shelf)
    const films = await Promise.all(['10 The sea.webm', '2 The road.webm'].map((name) => webmOf(join(shelf, name))))
    await writeFile(join(shelf, 'notes.txt'), 'no film')
    const recorded = await webmOf(join(folder, 'recorded.webm'))
    await using house = await stage.openHouse()
    const { token } = await register(house, 'mei')
    await using line = await openLine(house)
    await using seat = await stage.takeSeat(line.house, { device: 'phone' })
    const { page } = seat
    await signIn(seat, 'mei')
    await page.goto('/upload-films')
    await page.getByRole('button', { name: en.making.upload.record }).waitFor()
    line.passUntil(0)
    const inputOf = (label: string) => page.getByLabel(label, { exact: true }).and(page.locator('input'))
    const camera = inputOf(en.making.upload.record)
    expect(await camera.getAttribute('capture')).toBe('environment')
    await camera.setInputFiles(recorded)
    await inputOf(en.making.upload.chooseFolder).setInputFiles(shelf)
    const titles = () =>
      page.getByLabel(en.making.card.title).evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))
    await expect.poll(titles, patience).toEqual(['recorded', '2 The road', '10 The sea'])
    expect(await page.locator('.outcomes').textContent()).toContain('notes.txt')

    const [first] = await page.getByRole('article').all()
    await first?.getByRole('button', { name: en.making.cover.chooseFor.replace('{name}', 'recorded') }).click()
    await page.getByRole('button', { name: en.making.finder.onFrame }).click()
    await page.getByRole('button', { name: en.making.cover.take }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const headers = { authorization: `Bearer ${token}` }
    const drafts = async () => ((await house.inject({ path: '/api/user/mei/videos', headers })).json as { items: Video[] }).items
    await expect.poll(async () => (await drafts()).find(({ title }) => title === 'recorded')?.poster ?? null, patience).not.toBe(null)

    const states = () => page.getByRole('article').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-at')))
    const press = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).focus()
      await page.keyboard.press('Enter')
    }
    await press(en.making.upload.pauseAll)
    await expect.poll(states, patience).toEqual(['paused', 'paused', 'paused'])
    await press(en.making.upload.goOnAll)
    await expect.poll(states, patience).toEqual(['sending', 'waiting', 'waiting'])
    const warning = page.waitForEvent('dialog')
    await page.close({ runBeforeUnload: true })
    const dialog = await warning
    expect(dialog.type()).toBe('beforeunload')
    await dialog.dismiss()
    line.passUntil(2, films.length * 64 * mebibyte)
    await expect.poll(states, patience).toEqual(['sent', 'sent', 'sent'])
    await seat.expectClean()
  })
})

/** One that every browser can show, and after it an element that players pass over. */
async function webmOf(path: string): Promise<string> {
  const output = ['-c:v', 'libvpx', '-deadline', 'realtime', '-an']
  await makeFilm({ path, frames: 48, rate: '24', width: 320, height: 180, output })
  const size = 4 * mebibyte
  const element = Buffer.alloc(9 + size)
  element.writeBigUInt64BE(0x0100000000000000n + BigInt(size), 1)
  element[0] = 0xec
  await appendFile(path, element)
  return path
}

/** A film made by FFmpeg, and after it a box that players pass over, up to the size. */
async function filmOf(path: string, bytes: number): Promise<string> {
  await makeFilm({
    path,
    frames: 48,
    rate: '24',
    width: 320,
    height: 180,
    output: ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
  })
  await using film = await open(path, 'r')
  const { size } = await film.stat()
  const box = Buffer.alloc(16)
  box.writeUInt32BE(1, 0)
  box.write('free', 4, 'latin1')
  box.writeBigUInt64BE(BigInt(bytes - size), 8)
  await appendFile(path, box)
  const noise = createHash('shake256', { outputLength: mebibyte }).update('noise').digest()
  for (let left = bytes - size - box.length; left > 0; left -= noise.length) await appendFile(path, noise.subarray(0, left))
  return path
}

/** The line between browser and house: it lets so much of a film pass at full speed, and the rest at a crawl, so that no test races with it. */
async function openLine(house: TestMatinee) {
  let passed = 0
  let mostBytes = Number.POSITIVE_INFINITY
  const port = Number(new URL(await house.url()).port)
  const proxy = await openProxy(
    { port },
    {
      fateOf(piece) {
        passed += piece.length
        if (passed > mostBytes) proxy.rate(crawl)
        return 'pass'
      },
    },
  )
  return {
    proxy,
    house: { ...house, url: () => Promise.resolve(`http://127.0.0.1:${proxy.port}`) },
    /** Counted from the opening of the line. */
    passUntil(share: number, bytes = filmBytes) {
      mostBytes = share * bytes
      proxy.rate(passed > mostBytes ? crawl : undefined)
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}

type Line = Awaited<ReturnType<typeof openLine>>

/** The browser says that it is offline; then the lid is closed until nobody at the other end knows of us any more. After both it goes on by itself. */
async function sleepAndWake(page: Page, { proxy }: Line): Promise<void> {
  const words = () => page.locator('.stage-words').textContent()
  await page.context().setOffline(true)
  await expect.poll(words, patience).toContain(en.making.stage.trouble.offline)
  await page.context().setOffline(false)
  await expect.poll(words, patience).not.toContain(en.making.stage.trouble.offline)
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  proxy.drop()
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await session.detach()
  const progress = () => page.locator('.film-main .progress').getAttribute('value').then(Number)
  const before = await progress()
  await expect.poll(progress, patience).toBeGreaterThan(before)
}

async function loseLine(page: Page, { proxy }: Line): Promise<void> {
  proxy.cut()
  await expect.poll(() => page.locator('.stage-words').textContent(), patience).toContain(en.making.stage.trouble.line)
  proxy.restore()
  await expect.poll(() => page.locator('.stage-words').textContent(), patience).not.toContain(en.making.stage.trouble.line)
}

/** Bytes of the film in every block that the page hands to the network, over reloads. */
async function countSent(page: Page): Promise<{ bytes: number }> {
  const sent = { bytes: 0 }
  await page.exposeFunction('countSent', (bytes: number) => {
    sent.bytes += bytes
  })
  await page.addInitScript(() => {
    const request = globalThis.fetch
    globalThis.fetch = (address, init) => {
      const head = init?.body instanceof Uint8Array ? new TextDecoder().decode(init.body.subarray(0, 600)) : ''
      const [, start = 0] = /name="startByte"\s+(\d+)/.exec(head) ?? []
      const [, end = 0] = /name="endByte"\s+(\d+)/.exec(head) ?? []
      if (head) (globalThis as unknown as { countSent(bytes: number): void }).countSent(Number(end) - Number(start))
      return request(address, init)
    }
  })
  return sent
}

const crawl = 30_000

/** A real drop, as from the desktop. */
async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data })
  await session.detach()
}

async function goOn(page: Page, path: string): Promise<void> {
  const card = page.getByRole('article')
  await card.locator('.stage').waitFor()
  await expect.poll(() => card.getAttribute('data-at'), patience).toMatch(/sending|fileless/)
  if ((await card.getAttribute('data-at')) === 'fileless') await drop(page, path)
}

async function write(card: ReturnType<Page['getByRole']>, { title, tag }: { title: string; tag: string }): Promise<void> {
  await card.getByLabel(en.making.card.title).fill(title)
  await card.getByLabel(en.making.fields.description).fill('Two people and a road.')
  await card.getByLabel(en.making.fields.tags).fill(tag)
  await card.getByLabel(en.making.fields.tags).press('Enter')
}

async function shareReaches(page: Page, share: number): Promise<void> {
  await expect.poll(() => page.locator('.film-main .progress').getAttribute('value').then(Number), patience).toBeGreaterThanOrEqual(share)
}

async function digestOf(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of bytes) hash.update(piece)
  return hash.digest('hex')
}
