import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm } from '#server/testing/films.ts'
import { describeWith, isLong } from '#server/testing/grounds.ts'
import { openChromium, type Tab } from '#server/testing/parts/chromium.ts'
import { type Language, languages } from '#shared/language.ts'
import { hands, hold, plays, videoOf } from './player-hands.ts'
import { devices, password, signIn } from './stage.ts'
import { texts } from './texts.ts'

const patience = { timeout: 120_000, interval: 100 }
const every = languages.flatMap((language) => (Object.keys(devices) as (keyof typeof devices)[]).map((device) => ({ language, device })))
/** The other languages and devices in the long run; the film that is brought is seen on both. */
const few = every.filter(({ language, device }) => language === 'zh-CN' && device === 'phone')
type Way = (typeof every)[number]

describeWith('chromium')('people in a cinema', { timeout: 400_000 }, () => {
  let stage: Awaited<ReturnType<typeof openFilmStage>>
  let chromium: Awaited<ReturnType<typeof openChromium>>
  let path: string
  let film: string

  beforeAll(async () => {
    ;[stage, chromium] = await Promise.all([openFilmStage('embedded'), openChromium()])
    const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac']
    path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 200, rate: '10', output })
    film = (await stage.arrive(path)).videoId
    const change = { title: '流浪地球', visibility: 'public' }
    expect(await stage.visitor.call('PATCH', `/user/owner/videos/${film}`, change)).toMatchObject({ status: 200 })
    await vi.waitFor(async () => expect(await stage.stateOf(film)).toBe('ready'), { timeout: 200_000, interval: 100 })
    const found = async () => expect(await stage.visitor.call('GET', '/api/search?q=lldq')).toMatchObject({ json: { total: 1 } })
    await vi.waitFor(found, patience)
  }, 600_000)
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })

  async function openTab({ language, device }: Way): Promise<Tab> {
    const origin = await stage.matinee.url()
    const tab = await chromium.openTab({ origin, locale: language, serviceWorkers: 'block', ...devices[device] })
    tab.page.setDefaultTimeout(120_000)
    return tab
  }
  const expectClean = async ({ errors, foreign, violations }: Tab) => {
    expect(errors.filter((line) => !/^(Failed to load resource|WebSocket connection to)/.test(line))).toEqual([])
    expect(foreign).toEqual([])
    expect(await violations()).toEqual([])
  }

  async function comeIn(page: Page, name: string, language: Language) {
    const { accounts, watch } = texts[language]
    await page.goto('/search?q=lldq')
    await page.locator('main').getByRole('link', { name: '流浪地球' }).click()
    await page.waitForURL(`/watch/${film}`)
    await page.locator('.comments').getByRole('link', { name: watch.comments.signIn }).click()
    await page.waitForURL(`/login?to=watch/${film}`)
    await page.locator('.entrance-aside a').click()
    await page.getByLabel(accounts.signUp.username).fill(name)
    await page.getByLabel(accounts.signUp.password, { exact: true }).fill(password)
    await page.getByRole('button', { name: accounts.signUp.act, exact: true }).click()
    await page.waitForURL(`/watch/${film}`)
  }

  async function judge(way: Way, name: string) {
    const { watch, films, moderation } = texts[way.language]
    await using keeper = await openTab(way)
    await signIn(keeper, 'owner')
    await keeper.page.goto(`/watch/${film}`)
    await keeper.page
      .locator('.comment', { hasText: name })
      .getByRole('button', { name: watch.comments.more.replace('{name}', name) })
      .click()
    await keeper.page.getByRole('button', { name: watch.comments.report, exact: true }).click()
    await keeper.page.getByRole('button', { name: films.report.send }).click()
    await keeper.page.getByText(films.report.done).waitFor()
    await keeper.page.goto('/moderation/cases')
    const judged = keeper.page.locator('.case', { hasText: `Said by ${name}` })
    await judged.getByRole('button', { name: moderation.cases.acts.remove, exact: true }).click()
    const dialog = keeper.page.getByRole('dialog')
    await dialog.getByLabel(moderation.cases.why).fill('Not here')
    await expectClean(keeper)
    await dialog.getByRole('button', { name: moderation.cases.acts.remove, exact: true }).click()
    await judged.waitFor({ state: 'detached' })
  }

  async function leave(page: Page, language: Language) {
    const { settings } = texts[language]
    await page.goto('/settings/account')
    await page.getByRole('button', { name: settings.closing.begin }).click()
    const closing = page.getByRole('dialog')
    await closing.locator('.closing-goes li').first().waitFor()
    await closing.getByLabel(settings.closing.password, { exact: true }).fill(password)
    await closing.getByRole('button', { name: settings.closing.act }).click()
    await page.waitForURL('/')
  }

  test.for(isLong ? every : few)(
    'a newcomer finds a film by the first letters of its sounds, says a word, goes on elsewhere, is judged, and leaves with everything, in $language on a $device',
    async (way) => {
      const { language, device } = way
      const { watch } = texts[language]
      const name = `mei-${language.toLowerCase()}-${device}`
      await using tab = await openTab(way)
      const { page } = tab
      await comeIn(page, name, language)
      await plays(page)
      await page.getByLabel(watch.comments.write).fill(`Said by ${name}`)
      await page.locator('.composer button[type=submit]').click()
      const said = page.locator('.comment', { hasText: `Said by ${name}` })
      await said.waitFor()
      await hold(page)
      const told = page.waitForResponse(
        (answer) => answer.url().endsWith('/progress') && answer.request().postData()?.includes('12000') === true,
      )
      await hands(page).seek(12)
      expect((await told).status()).toBe(204)
      await expectClean(tab)

      await using elsewhere = await openTab({ language, device: device === 'phone' ? 'desktop' : 'phone' })
      await signIn(elsewhere, name)
      await elsewhere.page.goto(`/watch/${film}`)
      await expect.poll(async () => (await videoOf(elsewhere.page)).atS, patience).toBeGreaterThanOrEqual(12)

      // Somebody minds the word; who keeps the house takes it away, and says why.
      await judge(way, name)
      // It is told behind the answer.
      await expect.poll(() => page.goto('/notices').then(() => page.getByText('Not here').count()), patience).toBeGreaterThan(0)
      await page.goto(`/watch/${film}`)
      await page.locator('.comments-closed').waitFor()
      await page.getByLabel(watch.comments.write).fill(`Again by ${name}`)
      await page.locator('.composer button[type=submit]').click()
      await page.locator('.comment', { hasText: `Again by ${name}` }).waitFor()

      await leave(page, language)
      expect(await stage.visitor.call('GET', `/api/user/${name}`)).toMatchObject({ status: 404 })
      const left = await stage.visitor.call('GET', `/api/videos/${film}/comments`)
      expect(left).toMatchObject({ status: 200 })
      expect(JSON.stringify(left.json)).not.toContain(name)
      await expectClean(tab)
    },
  )

  test('a film that is brought here is seen by whoever gets its link, and by nobody else', async () => {
    const { making } = texts.en
    await using maker = await openTab({ language: 'en', device: 'desktop' })
    const { page } = maker
    await signIn(maker, 'owner')
    await page.goto('/upload-films')
    await page.getByLabel(making.upload.choose, { exact: true }).and(page.locator('input')).setInputFiles(path)
    const card = page.getByRole('article')
    await card.getByLabel(making.fields.visibility, { exact: true }).selectOption('unlisted')
    const link = card.getByRole('link', { name: making.stage.watch })
    await link.waitFor()
    await expect.poll(() => card.locator('.film-kept').getAttribute('data-state'), patience).toBe('kept')
    const address = String(await link.getAttribute('href'))
    await expectClean(maker)
    await using guest = await openTab({ language: 'en', device: 'phone' })
    await guest.page.goto('/')
    expect(await guest.page.content()).not.toContain(address)
    await guest.page.goto(address)
    await plays(guest.page)
    await hold(guest.page)
    await expectClean(guest)
  })
})
