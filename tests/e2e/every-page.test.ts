import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith, isLong } from '#server/testing/grounds.ts'
import { createShow } from '#server/testing/show.ts'
import { callAs } from '#server/testing/visitors.ts'
import { type Language, languages } from '#shared/language.ts'
import { type Device, devices, openStage, register, signIn } from './stage.ts'

const forAll = [
  '/',
  '/search',
  '/search?q=lantern',
  '/login',
  '/register',
  '/forgot',
  '/reset-password',
  '/confirm-email',
  '/welcome',
  '/@owner',
  '/tag/nothing',
  '/offline',
]
const forOwner = [
  '/settings/profile',
  '/settings/look',
  '/settings/people',
  '/settings/security',
  '/settings/account',
  '/admin/overview',
  '/admin/people',
  '/admin/films',
  '/admin/invitations',
  '/admin/settings',
  '/admin/playback',
  '/admin/tasks',
  '/admin/audit',
  '/notices',
  '/lists',
  '/moderation/cases',
  '/moderation/held',
  '/moderation/words',
  '/history',
  '/settings/notices',
  '/upload-films',
  '/studio',
]
const themes = ['dark', 'light'] as const

type Look = { language: Language; device: Device; theme: (typeof themes)[number] }
const every: Look[] = languages.flatMap((language) =>
  (Object.keys(devices) as Device[]).flatMap((device) => themes.map((theme) => ({ language, device, theme }))),
)
/** Between them each language, each device and each theme; they share out the pages. All twelve, at all pages, in the long run. */
const few = every.filter(({ language, device, theme }) =>
  `${language} ${device} ${theme}`.match(/^(en desktop dark|zh-CN phone light|zh-TW desktop light)$/),
)

describeWith('chromium')('every page', { timeout: 600_000 }, () => {
  let stage: Awaited<ReturnType<typeof openStage>>
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage?.[Symbol.asyncDispose]())

  test.for(isLong ? every : few)(
    'is whole in $language on a $device in the $theme theme: nothing foreign, no error, nothing for axe',
    async (look) => {
      const isMine = (_: string, at: number) => isLong || at % few.length === few.indexOf(look)
      await using house = await stage.openHouse()
      const { token } = await register(house, 'owner')
      const film = await createShow(house, { token, id: '', username: 'owner', call: callAs(house, token) }).film({
        title: '流浪地球',
        tags: ['night'],
      })
      await using seat = await stage.takeSeat(house, look)
      const { page } = seat
      // No byte of it is there: whether it plays is not asked here.
      await page.route(/\/stream\//, (route) => route.abort())
      await page.context().addCookies([{ name: 'theme', value: look.theme, url: await house.url() }])
      for (const path of forAll.filter(isMine)) {
        await page.goto(path, { waitUntil: 'networkidle' })
        expect(await page.getAttribute('html', 'data-theme')).toBe(look.theme)
        expect(await page.getAttribute('html', 'lang')).toBe(look.language)
        await seat.expectClean()
      }
      await signIn(seat, 'owner')
      for (const path of [...forOwner.filter(isMine), `/watch/${film}`, '/@owner']) {
        await page.goto(path, { waitUntil: 'load' })
        await page.locator('main h1, main h2').first().waitFor({ state: 'attached' })
        await seat.expectClean()
      }
    },
  )

  test('the home page loads at most 100 KiB of compressed script', async () => {
    await using house = await stage.openHouse()
    await using seat = await stage.takeSeat(house)
    const scripts = new Map<string, Promise<Buffer>>()
    seat.page.on('response', (response) => {
      if (new URL(response.url()).pathname.endsWith('.js')) scripts.set(response.url(), response.body())
    })
    await seat.page.goto('/', { waitUntil: 'networkidle' })
    await expect.poll(() => scripts.size).toBeGreaterThan(0)
    const bodies = await Promise.all(scripts.values())
    const bytes = bodies.reduce((sum, body) => sum + brotliCompressSync(body).length, 0)
    expect(bytes).toBeLessThanOrEqual(100 * 1024)
    await seat.expectClean()
  })
})
