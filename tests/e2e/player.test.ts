import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm } from '#server/testing/films.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { openChromium, type Tab } from '#server/testing/parts/chromium.ts'
import { join as joinHouse } from '#server/testing/visitors.ts'
import { signIn } from './stage.ts'
import { hold, plays, surroundings, toldOf, videoOf } from './player-hands.ts'

const patience = { timeout: 120_000, interval: 100 }

describeWith('chromium')('the player of a film', { timeout: 400_000 }, () => {
  let stage: Awaited<ReturnType<typeof openFilmStage>>
  let chromium: Awaited<ReturnType<typeof openChromium>>
  let first: string
  let second: string
  let series: string

  beforeAll(async () => {
    ;[stage, chromium] = await Promise.all([openFilmStage('embedded'), openChromium()])
    await joinHouse(stage.matinee, 'mei')
    const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac']
    const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 80, rate: '10', output })
    ;({ videoId: first } = await stage.arrive(path))
    ;({ videoId: second } = await stage.arrive(path))
    const owner = stage.visitor.call
    for (const [vid, change] of [
      [first, { title: 'Part one', visibility: 'members' }],
      [second, { title: 'Part two', visibility: 'members' }],
    ] as const)
      expect(await owner('PATCH', `/user/owner/videos/${vid}`, change)).toMatchObject({ status: 200 })
    const made = await owner('POST', '/api/playlists', { title: 'A series', kind: 'series', visibility: 'public' })
    series = (made.json as { id: string }).id
    for (const vid of [first, second]) expect((await owner('PUT', `/api/playlists/${series}/items/${vid}`, {})).status).toBeLessThan(300)
    for (const vid of [first, second])
      await vi.waitFor(async () => expect(await stage.stateOf(vid)).toMatch(/playable|ready/), { timeout: 250_000, interval: 200 })
  }, 600_000)
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })

  async function openTab(): Promise<Tab> {
    const tab = await chromium.openTab({ origin: await stage.matinee.url(), locale: 'en', serviceWorkers: 'block' })
    tab.page.setDefaultTimeout(120_000)
    await tab.page.addInitScript(surroundings)
    return tab
  }
  const failures = ({ errors }: Tab) => errors.filter((line) => !line.startsWith('Failed to load resource'))
  test('it leaves its page for the whole screen and a window of its own, and the next part comes by itself as large as this one', async () => {
    await using tab = await openTab()
    const { page } = tab
    await signIn(tab, 'mei')
    await page.goto(`/watch/${first}?list=${series}&t=1`)
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
    await page.waitForURL(`/watch/${second}?list=${series}`)
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
})
