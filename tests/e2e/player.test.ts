import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm } from '#server/testing/films.ts'
import { describeWith, isLong } from '#server/testing/grounds.ts'
import { openChromium, type Tab } from '#server/testing/parts/chromium.ts'
import { goodPassword, join as joinHouse, type Visitor } from '#server/testing/visitors.ts'
import accounts from '#shared/locales/en/accounts.json' with { type: 'json' }
import shell from '#shared/locales/en/shell.json' with { type: 'json' }
import watch from '#shared/locales/en/watch.json' with { type: 'json' }
import { gateOf, hands, hold, menus, plays, surroundings, toldOf, touching, videoOf } from './player-hands.ts'
import { devices, signIn } from './stage.ts'

const patience = { timeout: 120_000, interval: 100 }
const seconds = 40
const { player: words, captions, trouble } = watch

const srt = (lines: string[]) =>
  lines.map((line, at) => `${at + 1}\n00:00:${String(at * 10).padStart(2, '0')},000 --> 00:00:${at * 10 + 9},000\n${line}\n`).join('\n')

describeWith('chromium')('the player of a film', { timeout: 400_000 }, () => {
  let stage: Awaited<ReturnType<typeof openFilmStage>>
  let chromium: Awaited<ReturnType<typeof openChromium>>
  let mei: Visitor
  /** Two sounds, two texts, two chapters, an intro and credits. */
  let rich: string
  let short: string
  let series: string

  beforeAll(async () => {
    const set = { 'limits.streamsPerPerson': '2' }
    ;[stage, chromium] = await Promise.all([openFilmStage('embedded', { set }), openChromium()])
    mei = await joinHouse(stage.matinee, 'mei')
    rich = (await stage.arrive(await makeRich(stage.folder))).videoId
    const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac']
    const path = await makeFilm({ path: join(stage.folder, 'short.mp4'), frames: 80, rate: '10', output })
    short = (await stage.arrive(path)).videoId
    const chapters = [
      { startMs: 0, title: 'The road' },
      { startMs: 20_000, title: 'The sea' },
    ]
    const marks = { trimStartMs: null, trimEndMs: null, introStartMs: 0, introEndMs: 8000, creditsMs: 30_000 }
    const owner = stage.visitor.call
    for (const [vid, change] of [
      [short, { title: 'Part one', visibility: 'members' }],
      [rich, { title: 'Part two', visibility: 'members', chapters, marks }],
    ] as const)
      expect(await owner('PATCH', `/user/owner/videos/${vid}`, change)).toMatchObject({ status: 200 })
    const made = await owner('POST', '/api/playlists', { title: 'A series', kind: 'series', visibility: 'public' })
    series = (made.json as { id: string }).id
    for (const vid of [short, rich]) expect((await owner('PUT', `/api/playlists/${series}/items/${vid}`, {})).status).toBeLessThan(300)
    for (const vid of [short, rich])
      await vi.waitFor(async () => expect(await stage.stateOf(vid)).toBe('ready'), { timeout: 250_000, interval: 200 })
  }, 600_000)
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })

  /** Somebody's tab, in which they have nothing running elsewhere. */
  async function openTab(device: keyof typeof devices = 'desktop'): Promise<Tab> {
    await freeSeats()
    const tab = await chromium.openTab({ origin: await stage.matinee.url(), locale: 'en', serviceWorkers: 'block', ...devices[device] })
    tab.page.setDefaultTimeout(120_000)
    await tab.page.addInitScript(surroundings)
    await signIn(tab, 'mei')
    return tab
  }
  async function freeSeats() {
    const { items } = (await mei.call('GET', '/api/me/streams')).json as { items: { id: string }[] }
    for (const { id } of items) await mei.call('DELETE', `/api/me/streams/${id}`)
  }
  /** Of answers that were refusals, and of lines that were cut, Chromium itself writes a line. */
  const failures = ({ errors }: Tab) => errors.filter((line) => !/^(Failed to load resource|WebSocket connection to)/.test(line))

  test('it leaves its page for the whole screen and a window of its own, and the next part comes by itself as large as this one', async () => {
    await using tab = await openTab()
    const { page } = tab
    await page.goto(`/watch/${short}?list=${series}&t=1`)
    await plays(page)
    await hold(page)
    await page.keyboard.press('t')
    await page.locator('.watch[data-theatre]').waitFor()
    await page.keyboard.press('p')
    await expect.poll(async () => (await toldOf(page)).pip, patience).toEqual(['asked'])
    await page.keyboard.press('f')
    await page.locator('.player[data-full=screen]').waitFor()
    const size = () => page.locator('.player').evaluate((one) => [one.clientWidth, one.clientHeight, innerWidth, innerHeight])
    const isWhole = async () => {
      const [w, h, wholeW, wholeH] = await size()
      return w === wholeW && h === wholeH
    }
    await expect.poll(isWhole, patience).toBe(true)
    // It is there for some seconds alone.
    const offered = page.locator('.next-up').waitFor()
    await page.keyboard.press('9')
    await plays(page, 0)
    await offered
    // Nothing is pressed: it counts down, and goes on.
    await page.waitForURL(`/watch/${rich}?list=${series}`)
    await page.locator('.player[data-full=screen]').waitFor()
    await expect.poll(() => page.title(), patience).toContain('Part two')
    expect(await page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
    await expect.poll(isWhole, patience).toBe(true)
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeGreaterThan(0.3)
    await page.keyboard.press('f')
    await page.locator('.player[data-full=no]').waitFor()
    expect(await page.evaluate(() => document.fullscreenElement)).toBe(null)
    await page.locator('.stage .player video').waitFor()
    expect(failures(tab)).toEqual([])
  })

  test('a hand on the glass: twice for ten seconds, held for double speed, drawn along the film and up and down for sound and light', async () => {
    await using tab = await openTab('phone')
    const { page } = tab
    await page.goto(`/watch/${rich}?t=9`)
    await plays(page)
    await hold(page)
    await hands(page).seek(10)
    const glass = await touching(page, '.player-surface')
    const badge = page.locator('.player-badge')
    await glass.tapTwice(0.9)
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeCloseTo(20, 1)
    await glass.tapTwice(0.1)
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeCloseTo(10, 1)
    await glass.down(0.3)
    await glass.draw(0.5)
    await glass.draw(0.7)
    await expect.poll(() => badge.textContent(), patience).toBe('0:16+6')
    await glass.up()
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeCloseTo(16, 0)
    await expect.poll(() => badge.count(), patience).toBe(0)

    await glass.tapTwice(0.5)
    await expect.poll(async () => (await videoOf(page)).isPaused, patience).toBe(false)
    await glass.down(0.5)
    await expect.poll(async () => (await videoOf(page)).rate, patience).toBe(2)
    expect(await badge.textContent()).toContain('2×')
    await glass.up()
    await expect.poll(async () => (await videoOf(page)).rate, patience).toBe(1)
    await hold(page)

    await page.getByRole('button', { name: words.full, exact: true }).tap()
    await page.locator('.player[data-full=screen]').waitFor()
    const whole = await touching(page, '.player-surface')
    await page.getByRole('button', { name: words.lock, exact: true }).tap()
    await page.locator('.control-bar').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: words.unlock, exact: true }).tap()
    await page.locator('.control-bar').waitFor()
    await page.evaluate(() => {
      const video = document.querySelector('video')
      if (video) [video.muted, video.volume] = [false, 0.8]
    })
    await whole.down(0.8, 0.3)
    await whole.draw(0.8, 0.5)
    await whole.draw(0.8, 0.7)
    await expect.poll(async () => (await videoOf(page)).volume, patience).toBeCloseTo(0.3, 1)
    await whole.up()
    await whole.down(0.2, 0.3)
    await whole.draw(0.2, 0.5)
    await whole.draw(0.2, 0.7)
    await expect
      .poll(() => page.locator('.player-shade').evaluate((one) => Number(getComputedStyle(one).opacity)), patience)
      .toBeGreaterThan(0.3)
    await whole.up()

    expect(failures(tab)).toEqual([])
  })

  // These wait long: for leases, for rows that are made, for what is told of a film.
  if (!isLong) return
  test('what its menus offer, happens: sounds, two lines of text, rows and the source, speed, figures', async () => {
    await using tab = await openTab()
    const { page } = tab
    await page.goto(`/watch/${rich}?t=9`)
    await plays(page)
    await hold(page)
    const { open, rows, close } = menus(page)

    await open(words.audio)
    expect(await rows.count()).toBe(2)
    await rows.nth(1).click()
    await open(words.audio)
    await expect.poll(() => rows.nth(1).getAttribute('aria-pressed'), patience).toBe('true')
    await close()

    const subtitles = await open(words.subtitles)
    await subtitles.getByLabel(captions.first).selectOption({ index: 1 })
    await subtitles.getByLabel(captions.second).selectOption({ index: 2 })
    await subtitles.getByRole('button', { name: captions.sizes.huge }).click()
    await subtitles.getByText(captions.top).click()
    await close()
    await hands(page).seek(2)
    const lines = page.locator('.captions-line')
    await expect.poll(() => lines.allTextContents(), patience).toEqual(['One', '一'])
    await page.locator('.captions[data-size=huge][data-place=top]').waitFor()
    await hands(page).seek(9.5)
    await expect.poll(() => lines.count(), patience).toBe(0)
    const later = await open(words.subtitles)
    for (let step = 0; step < 4; step++) await later.getByRole('button', { name: captions.later }).click()
    await expect.poll(() => lines.allTextContents(), patience).toEqual(['One', '一'])
    await close()

    const quality = page.locator('.control-quality')
    await quality.click()
    expect(await rows.allTextContents()).toEqual(expect.arrayContaining(['480p', '360p', `${words.original}${words.originalHint}`]))
    // In a pause too, at once.
    const other = (await videoOf(page)).height === 480 ? 360 : 480
    await rows.filter({ hasText: `${other}p` }).click()
    await expect.poll(async () => (await videoOf(page)).height, patience).toBe(other)
    await expect.poll(() => quality.textContent(), patience).toBe(`${other}p`)
    expect((await videoOf(page)).isPaused).toBe(true)
    const { atS } = await videoOf(page)
    await quality.click()
    await rows.filter({ hasText: words.original }).click()
    await expect.poll(async () => (await videoOf(page)).source, patience).toContain(`/stream/${rich}`)
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeCloseTo(atS, 0)
    await open(words.more)
    await page.getByText(words.figures, { exact: true }).click()
    await close()
    await expect.poll(() => page.locator('.player-figures').textContent(), patience).toContain('864 × 480')
    expect(await tab.violations()).toEqual([])

    await page.locator('.control-rate').click()
    await rows.filter({ hasText: '0.25×' }).click()
    await expect.poll(() => videoOf(page), patience).toMatchObject({ rate: 0.25, keepsPitch: true })
    await page.reload()
    await plays(page)
    expect((await videoOf(page)).rate).toBe(0.25)
    expect(failures(tab)).toEqual([])
  })

  test('a line that is gone, a session that is over, a film that is closed: each has a face, and where it can the film goes on by itself at its place', async () => {
    await using tab = await openTab()
    const { page } = tab
    // It stays at its first picture, and what would come later is held back: what is wanted next must be asked for.
    await page.addInitScript(() => localStorage.setItem('matinee-player', '{"beginsByItself":false}'))
    const gate = await gateOf(page, /\/[5-9][.]m4s/)
    const open = async () => {
      gate.shut()
      await page.goto(`/watch/${rich}?t=0`)
      await expect.poll(() => page.evaluate(() => document.querySelector<HTMLVideoElement>('.player video')?.readyState), patience).toBe(4)
    }
    const goThere = async () => {
      await hands(page).seek(seconds - 2)
      await gate.open()
    }
    const face = page.locator('.player-trouble')
    const goesOn = async () => {
      await face.waitFor({ state: 'detached' })
      await expect.poll(() => page.evaluate(() => document.querySelector('video')?.readyState), patience).toBeGreaterThan(1)
      expect((await videoOf(page)).atS).toBeCloseTo(seconds - 2, 0)
    }

    await open()
    await page.context().setOffline(true)
    await goThere()
    await says(page, trouble.offline.title)
    await page.context().setOffline(false)
    await goesOn()

    await open()
    expect((await mei.call('DELETE', '/api/sessions')).status).toBeLessThan(300)
    await goThere()
    const dialog = page.getByRole('dialog', { name: shell.session.endedTitle })
    await dialog.getByLabel(accounts.signIn.password, { exact: true }).fill(goodPassword)
    await dialog.getByRole('button', { name: accounts.signIn.act }).click()
    await goesOn()

    await open()
    expect(await stage.visitor.call('PATCH', `/user/owner/videos/${rich}`, { visibility: 'private' })).toMatchObject({ status: 200 })
    await goThere()
    await says(page, trouble.gone.title)
    expect(await stage.visitor.call('PATCH', `/user/owner/videos/${rich}`, { visibility: 'members' })).toMatchObject({ status: 200 })
    expect(failures(tab)).toEqual([])
  })

  test('the film goes on where it was on another device, from the start if wanted, and past what introduces it', async () => {
    await mei.call('PUT', `/api/videos/${rich}/progress`, { atMs: 12_000, durationMs: seconds * 1000 })
    await using tab = await openTab()
    const { page } = tab
    await page.goto(`/watch/${rich}`)
    await plays(page)
    expect((await videoOf(page)).atS).toBeGreaterThan(11)
    // The hint leaves by itself, and the film would run away from a slow machine.
    await page.locator('.player-resumed button', { hasText: words.startOver }).evaluate((button: HTMLElement) => {
      button.click()
      document.querySelector('video')?.pause()
    })
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeLessThan(1)
    await page.getByRole('button', { name: words.skipIntro }).click()
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeCloseTo(8, 1)
    expect(await toldOf(page)).toMatchObject({ title: 'Part two', locks: expect.arrayContaining(['asked', 'released']) })
    await hands(page).session('seekto', { seekTime: 33 })
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeCloseTo(33, 0)
    await page.getByRole('button', { name: words.skipCredits }).waitFor()

    // A hand on the bar sees where it would go.
    const bar = page.locator('.seek')
    const { x, y, width, height } = (await bar.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await page.mouse.move(x + width * 0.75, y + height / 2)
    const preview = page.locator('.seek-preview')
    await preview.locator('.seek-still img').waitFor()
    expect(await preview.locator('.seek-title').textContent()).toBe('The sea')
    expect(await preview.locator('.seek-time').textContent()).toMatch(/^0:(29|30)$/)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.5, y + height / 2, { steps: 4 })
    expect(await preview.locator('.seek-time').textContent()).toMatch(/^0:(19|20)$/)
    await page.mouse.up()
    await expect.poll(async () => (await videoOf(page)).atS, patience).toBeCloseTo(20, 0)
    expect(failures(tab)).toEqual([])
  })

  test('seats that are taken are named, and one of them is given up for this one; a film that is not made yet comes when it is', async () => {
    await using tab = await openTab()
    const { page } = tab
    for (const vid of [rich, short]) expect(await mei.call('GET', `/stream/${vid}/master.m3u8`)).toMatchObject({ status: 200 })
    await page.goto(`/watch/${rich}?t=3`)
    const face = page.locator('.player-trouble')
    await says(page, trouble.crowded.title)
    await expect.poll(() => face.locator('.player-seat').count(), patience).toBe(2)
    expect(await tab.violations()).toEqual([])
    await face.getByRole('button', { name: trouble.stopOther }).first().click()
    await face.waitFor({ state: 'detached' })
    await plays(page)

    // As a house answers that has made nothing yet of a film that no browser reads.
    await page.route(new RegExp(`/stream/${rich}/master`), (route) => route.fulfill({ status: 503, headers: { 'retry-after': '1' } }))
    await page.route(new RegExp(`/stream/${rich}$`), (route) => route.fulfill({ status: 200, contentType: 'video/mp4', body: 'no film' }))
    await page.goto('/')
    await page.goto(`/watch/${rich}?t=0`)
    await says(page, trouble.preparing.title)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await face.waitFor({ state: 'detached' })
    await plays(page)
    expect(failures(tab)).toEqual([])
  })
})

/** What stands over the picture. */
async function says(page: Page, title: string): Promise<void> {
  await expect.poll(() => page.locator('.player-trouble-title').allTextContents(), patience).toEqual([title])
}

async function makeRich(folder: string): Promise<string> {
  const [english, chinese] = [join(folder, 'en.srt'), join(folder, 'zh.srt')]
  await writeFile(english, srt(['One', 'Two', 'Three', 'Four']))
  await writeFile(chinese, srt(['一', '二', '三', '四']))
  return makeFilm({
    path: join(folder, 'rich.mp4'),
    frames: seconds * 10,
    rate: '10',
    filters: [
      ...['-f', 'lavfi', '-i', `sine=440:d=${seconds}`, '-i', english, '-i', chinese],
      ...['-map', '0:v', '-map', '1:a', '-map', '2:a', '-map', '3:s', '-map', '4:s'],
      ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=zho', '-metadata:s:s:0', 'language=eng'],
      ...['-metadata:s:s:1', 'language=zho', '-vf', 'scale=864:480:flags=neighbor,format=yuv420p'],
    ],
    output: ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-c:a', 'aac', '-c:s', 'mov_text'],
  })
}
