import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm } from '#server/testing/films.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { openChromium, type Tab } from '#server/testing/parts/chromium.ts'
import { join as joinHouse } from '#server/testing/visitors.ts'
import watch from '#shared/locales/en/watch.json' with { type: 'json' }
import { signIn } from './stage.ts'

const title = '流浪地球 The Wandering Earth'
const patience = { timeout: 120_000, interval: 100 }

describeWith('chromium')('people watch', { timeout: 400_000 }, () => {
  let stage: Awaited<ReturnType<typeof openFilmStage>>
  let chromium: Awaited<ReturnType<typeof openChromium>>
  let videoId: string

  beforeAll(async () => {
    ;[stage, chromium] = await Promise.all([openFilmStage('embedded'), openChromium()])
    const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac']
    const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 200, rate: '25', output })
    ;({ videoId } = await stage.arrive(path))
    const { status } = await stage.visitor.call('PATCH', `/user/owner/videos/${videoId}`, { title, visibility: 'public' })
    expect(status).toBe(200)
    await joinHouse(stage.matinee, 'mei')
    await vi.waitFor(async () => expect(await stage.stateOf(videoId)).toMatch(/playable|ready/), { timeout: 200_000, interval: 100 })
    await vi.waitFor(
      async () => expect(await stage.visitor.call('GET', '/api/search?q=lldq')).toMatchObject({ json: { total: 1 } }),
      patience,
    )
  }, 600_000)
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })

  async function openTab(): Promise<Tab> {
    const tab = await chromium.openTab({ origin: await stage.matinee.url(), locale: 'en', serviceWorkers: 'block' })
    tab.page.setDefaultTimeout(120_000)
    return tab
  }

  test('one finds a film as one types and goes to it; it plays, and what is said under it stands there', async () => {
    await using tab = await openTab()
    const { page } = tab
    await signIn(tab, 'owner')
    await page.goto('/search')
    await page.locator('[role=status]', { hasText: '1 film' }).waitFor()
    const field = page.locator('.search-input')
    // Pressed until somebody listens: the page answers to keys once its script stands.
    await expect
      .poll(() => page.keyboard.press('/').then(() => field.evaluate((one) => one === document.activeElement)), patience)
      .toBe(true)
    await page.keyboard.type('wanderin')
    await page.getByRole('option', { name: title }).waitFor()
    await page.keyboard.press('Escape')
    await field.fill('')
    await page.keyboard.type('lldq')
    await page.waitForURL('/search?q=lldq')
    await page.locator('main h1', { hasText: 'lldq' }).waitFor()
    const found = page.locator('main').getByRole('link', { name: title })
    await found.waitFor()
    expect(await tab.violations()).toEqual([])
    await found.click()
    await page.waitForURL(`/watch/${videoId}`)
    await plays(page)
    await page.getByLabel(watch.comments.write).fill('What a beginning')
    await page.locator('.composer button[type=submit]').click()
    await page.locator('.comment', { hasText: 'What a beginning' }).waitFor()
    await hold(page)
    expect(await tab.violations()).toEqual([])
    expect(tab.foreign).toEqual([])
    expect(tab.errors.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([])
  })

  test('what is said comes page by page to the first word, however fast one goes down', async () => {
    const dora = await joinHouse(stage.matinee, 'dora')
    for (let n = 0; n < 36; n++)
      for (const by of [stage.visitor, dora])
        expect(await by.call('POST', `/api/videos/${videoId}/comments`, { text: `Word ${n}` })).toMatchObject({ status: 201 })
    await using tab = await openTab()
    const { page } = tab
    await page.goto(`/watch/${videoId}`)
    await page.locator('.comment').first().waitFor()
    const goDown = () => page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await expect.poll(() => goDown().then(() => page.locator('.comment').count()), patience).toBeGreaterThanOrEqual(72)
  })

  test('the keys of the player do what its list says, and the film goes on in a corner while one looks around', async () => {
    await using tab = await openTab()
    const { page } = tab
    await page.goto(`/watch/${videoId}`)
    await plays(page)
    await hold(page)
    const state = () =>
      page.evaluate(() => {
        const video = document.querySelector('video')
        return { atS: video?.currentTime ?? 0, rate: video?.playbackRate, isPaused: video?.paused, isSeeking: video?.seeking }
      })
    /** Where the film stands once it has come to rest. */
    const rests = async () => {
      await expect.poll(async () => (await state()).isSeeking, patience).toBe(false)
      return (await state()).atS
    }
    await page.locator('main h1').first().click()
    await page.keyboard.press('2')
    const fifth = await rests()
    await page.keyboard.press('.')
    await expect.poll(async () => (await rests()) - fifth, patience).toBeCloseTo(1 / 25, 2)
    await page.keyboard.press(',')
    await expect.poll(async () => (await rests()) - fifth, patience).toBeCloseTo(0, 2)
    await page.keyboard.press('>')
    await page.keyboard.press('>')
    await expect.poll(async () => (await state()).rate, patience).toBe(1.5)
    await page.keyboard.press('<')
    await expect.poll(async () => (await state()).rate, patience).toBe(1.25)

    await page.keyboard.press('b')
    await page.keyboard.press('5')
    const half = await rests()
    await page.keyboard.press('b')
    await page.locator('.control-chip').waitFor()
    await page.keyboard.press('8')
    await rests()
    await page.keyboard.press('k')
    await expect.poll(async () => (await state()).atS, patience).toBeLessThan(half)
    await page.keyboard.press('k')
    await expect.poll(async () => (await state()).isPaused, patience).toBe(true)

    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: watch.keys.title }).waitFor()
    expect(await tab.violations()).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('t')
    await page.locator('.watch[data-theatre]').waitFor()
    await page.keyboard.press('t')
    await page.locator('.danmaku-list summary').click()
    await page.locator('.danmaku-list-note, .danmaku-row').first().waitFor()
    expect(await tab.violations()).toEqual([])

    await plays(page)
    await page.locator('.shell-home').click()
    await page.waitForURL('/')
    await page.locator('.mini[data-shown] video').waitFor()
    expect(await tab.violations()).toEqual([])
    await page.getByRole('button', { name: watch.player.miniClose }).click()
    await expect.poll(() => page.locator('video').count(), patience).toBe(0)
    expect(tab.errors.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([])
  })

  test('what one writes over the picture flies over the picture of another', async () => {
    await using writer = await openTab()
    await using reader = await openTab()
    for (const [{ page }, username] of [
      [reader, 'mei'],
      [writer, 'owner'],
    ] as const) {
      await signIn({ page }, username)
      await page.goto(`/watch/${videoId}`)
      await plays(page)
      await hold(page)
    }
    const canvas = reader.page.locator('canvas.danmaku')
    await expect.poll(() => canvas.getAttribute('data-flying'), patience).toBe('0')
    // Written until somebody hears: the line of a page stands a moment after the page.
    let written = 0
    await expect
      .poll(async () => {
        await writer.page.getByLabel(watch.danmaku.write).fill(`Here it comes ${++written}`)
        await writer.page.keyboard.press('Enter')
        const isFlying = () => Number(document.querySelector<HTMLElement>('canvas.danmaku')?.dataset['flying']) > 0
        return await reader.page.waitForFunction(isFlying, undefined, { timeout: 10_000 }).then(
          () => true,
          () => false,
        )
      }, patience)
      .toBe(true)
    expect(reader.errors.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([])
  })
})

const now = (page: Page) => page.evaluate(() => document.querySelector('video')?.currentTime ?? 0)

/** Begins again until it runs: the browser may hold it back, and the film is short. */
async function plays(page: Page): Promise<void> {
  await page.locator('.player video').waitFor({ state: 'attached' })
  await expect
    .poll(async () => {
      await page.evaluate(async () => {
        const video = document.querySelector('video')
        if (!video) return
        video.muted = true
        if (video.paused) await video.play().catch(() => undefined)
      })
      return now(page)
    }, patience)
    .toBeGreaterThan(0.5)
}

async function hold(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector('video')?.pause())
}
