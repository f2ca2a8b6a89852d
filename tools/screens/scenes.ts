import type { Page } from 'playwright-core'
import type { Cinema } from './cinema.ts'

/** `device theme language` */
export type Look = `${'desktop' | 'phone'} ${'dark' | 'light'} ${'en' | 'zh-CN' | 'zh-TW'}`

export type Scene = {
  name: string
  /** In which house, and seen by whom. */
  house: 'empty' | 'club'
  as?: 'owner' | '周可'
  path: string | ((cinema: Cinema) => string | undefined)
  looks?: readonly Look[]
  /** What is done before the picture is taken. */
  act?(page: Page): Promise<void>
}

/** Between them each device, each theme and each language. */
export const usualLooks: readonly Look[] = ['desktop dark en', 'phone light zh-CN']
const allLooks: readonly Look[] = ['desktop dark en', 'desktop light zh-TW', 'phone dark zh-CN', 'phone light en']

/** The film does not run away while its picture is taken, however long it took to come here. */
async function stand(page: Page): Promise<void> {
  await page.locator('.player video').waitFor({ state: 'attached' })
  await page.evaluate(() => {
    const video = document.querySelector('video')
    if (!video) return
    video.pause()
    video.currentTime = 2
  })
  await page.waitForFunction(() => document.querySelector('video')?.seeking === false)
}

/** Every page in the states that people meet. A new page gets a line here. */
export const scenes: readonly Scene[] = [
  { name: 'first-run', house: 'empty', path: '/', looks: allLooks },
  { name: 'first-account', house: 'empty', path: '/welcome' },
  { name: 'home', house: 'club', path: '/', looks: allLooks },
  { name: 'home-signed-in', house: 'club', as: 'owner', path: '/', looks: ['desktop dark zh-TW', 'phone dark en'] },
  { name: 'watch', house: 'club', path: ({ film }) => film && `/watch/${film}`, looks: allLooks },
  {
    name: 'watch-controls',
    house: 'club',
    path: ({ film }) => film && `/watch/${film}?t=2`,
    looks: ['desktop dark en', 'phone dark zh-TW'],
    async act(page) {
      await stand(page)
      await page.locator('.danmaku-list summary').click()
      await page.locator('.danmaku-row').first().waitFor()
      await page.evaluate(() => scrollTo(0, 0))
      await page.locator('.seek').hover({ position: { x: 120, y: 14 } })
      await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('.seek-still img')?.naturalWidth ?? 0) > 0)
    },
  },
  {
    name: 'watch-keys',
    house: 'club',
    path: ({ film }) => film && `/watch/${film}`,
    looks: ['desktop light en'],
    async act(page) {
      await stand(page)
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  ...(['quality', 'more'] as const).map(
    (menu): Scene => ({
      name: `watch-${menu}`,
      house: 'club',
      path: ({ film }) => film && `/watch/${film}?t=2`,
      looks: ['desktop dark zh-CN', 'phone light en'],
      async act(page) {
        await stand(page)
        await page.locator(`.control-${menu}`).click()
        await page.locator('.control-bar :popover-open').waitFor()
      },
    }),
  ),
  {
    name: 'watch-danmaku',
    house: 'club',
    as: 'owner',
    path: ({ film }) => film && `/watch/${film}?t=2`,
    looks: ['desktop light en', 'phone dark zh-CN'],
    async act(page) {
      await stand(page)
      await page.locator('.danmaku-look').click()
      await page.locator('.danmaku-bar :popover-open').waitFor()
    },
  },
  {
    name: 'watch-comments',
    house: 'club',
    as: 'owner',
    path: ({ film }) => film && `/watch/${film}`,
    looks: ['desktop dark zh-TW', 'phone light en'],
    async act(page) {
      await stand(page)
      await page.locator('.comment').first().waitFor()
      await page.locator('.comments').evaluate((one) => one.scrollIntoView())
    },
  },
  {
    name: 'watch-no-line',
    house: 'club',
    path: '/search?q=train',
    looks: ['desktop dark en', 'phone dark zh-TW'],
    async act(page) {
      await page.route(/\/stream\/.*(m3u8|m4s)/, (route) => route.abort('internetdisconnected'))
      await page.locator('.film-list a').first().click()
      await page.locator('.player-trouble').waitFor({ timeout: 60_000 })
    },
  },
  { name: 'tag', house: 'club', path: '/tag/shorts', looks: ['desktop dark zh-CN', 'phone light en'] },
  { name: 'search', house: 'club', path: '/search?q=train' },
  { name: 'search-nothing', house: 'club', path: '/search?q=penguins' },
  { name: 'channel', house: 'club', path: '/@周可', looks: ['desktop light zh-CN', 'phone dark zh-TW'] },
  { name: 'log-in', house: 'club', path: '/login' },
  {
    name: 'log-in-refused',
    house: 'club',
    path: '/login',
    looks: ['desktop light en', 'phone dark zh-TW'],
    async act(page) {
      await page.fill('[name=username]', 'marta')
      await page.fill('[name=password]', 'not the right one')
      await page.click('form.form button[type=submit]')
      await page.locator('form [role=alert], form .failure, form .notice').first().waitFor({ timeout: 5000 })
    },
  },
  { name: 'sign-up', house: 'club', path: '/register' },
  { name: 'forgotten-password', house: 'club', path: '/forgot', looks: ['desktop dark zh-CN'] },
  { name: 'not-found', house: 'club', path: '/no-such-page', looks: ['desktop dark en', 'phone light zh-TW'] },
  { name: 'offline', house: 'club', path: '/offline', looks: ['phone dark en'] },
  { name: 'upload', house: 'club', as: 'owner', path: '/upload-films', looks: allLooks },
  { name: 'studio', house: 'club', as: '周可', path: '/studio' },
  ...(['details', 'cover', 'subtitles', 'chapters', 'figures'] as const).map(
    (part, at): Scene => ({
      name: `studio-${part}`,
      house: 'club',
      as: '周可',
      path: ({ own }) => own && `/studio/${own}?part=${part}`,
      looks: at % 2 === 0 ? ['desktop dark en', 'phone light zh-TW'] : ['desktop light zh-CN', 'phone dark en'],
    }),
  ),
  { name: 'studio-thrown', house: 'club', as: '周可', path: '/studio?thrown', looks: ['desktop light zh-TW'] },
  { name: 'studio-empty', house: 'club', as: 'owner', path: '/studio', looks: ['phone light zh-TW'] },
  { name: 'settings-profile', house: 'club', as: 'owner', path: '/settings/profile' },
  { name: 'settings-security', house: 'club', as: 'owner', path: '/settings/security', looks: ['desktop light zh-TW', 'phone dark en'] },
  { name: 'settings-notices', house: 'club', as: 'owner', path: '/settings/notices', looks: ['desktop dark en', 'phone light zh-CN'] },
  { name: 'notices', house: 'club', as: 'owner', path: '/notices', looks: ['desktop light en', 'phone dark zh-CN'] },
  { name: 'history', house: 'club', as: 'owner', path: '/history', looks: ['desktop dark en', 'phone light zh-TW'] },
  { name: 'moderation', house: 'club', as: 'owner', path: '/moderation', looks: ['desktop dark zh-TW', 'phone light en'] },
  {
    name: 'moderation-case',
    house: 'club',
    as: 'owner',
    path: ({ film }) => film && `/watch/${film}`,
    looks: ['desktop dark en', 'phone light zh-CN'],
    async act(page) {
      await page.evaluate(async () => {
        const film = `/api/videos/${location.pathname.split('/').at(-1)}`
        const answer = await fetch(`${film}/comments`)
        const { items } = (await answer.json()) as { items: { id: string }[] }
        const body = JSON.stringify({ reason: 'spam', note: 'The same line stands under three other films.' })
        await fetch(`${film}/comment/${items[0]?.id}/report`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      })
      await page.goto('/moderation/cases')
      await page.locator('.case').first().waitFor()
    },
  },
  { name: 'lists', house: 'club', as: 'owner', path: '/lists', looks: ['desktop light zh-CN', 'phone dark en'] },
  { name: 'admin-overview', house: 'club', as: 'owner', path: '/admin/overview' },
  { name: 'admin-people', house: 'club', as: 'owner', path: '/admin/people' },
  { name: 'admin-playback', house: 'club', as: 'owner', path: '/admin/playback' },
  { name: 'admin-tasks', house: 'club', as: 'owner', path: '/admin/tasks', looks: ['desktop dark zh-CN'] },
  { name: 'admin-audit', house: 'club', as: 'owner', path: '/admin/audit', looks: ['desktop light en'] },
]
