import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWith } from '#server/testing/grounds.ts'
import { hostileScripts } from '#server/testing/hostile-scripts.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { openChromium, type Tab } from '#server/testing/parts/chromium.ts'
import { createShow } from '#server/testing/show.ts'
import { goodPassword, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import shell from '#shared/locales/en/shell.json' with { type: 'json' }
import { signIn } from './stage.ts'

const patience = { timeout: 120_000, interval: 100 }
/** What a house leaves out of every text on its way in, and no reader sees. */
const seen = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}\s]/gu, '')

describeWith('chromium')('[T9] three hundred texts that would be scripts', { timeout: 400_000 }, () => {
  let matinee: TestMatinee
  let chromium: Awaited<ReturnType<typeof openChromium>>
  let owner: Visitor
  const films: string[] = []

  beforeAll(async () => {
    expect(hostileScripts.filter((text) => [...text].length <= 50)).toHaveLength(300)
    const set = { 'limits.requestsPerMinute': '1000000' }
    ;[matinee, chromium] = await Promise.all([startMatinee('embedded', { set }), openChromium()])
    owner = await joinAsOwner(matinee)
    const show = createShow(matinee, owner)
    for (const [at, text] of hostileScripts.entries()) {
      const film = await show.film({ title: text, description: text, tags: [text], durationMs: 3_000_000 })
      await show.change(film, { embedding: 'everybody' })
      films.push(film)
      await owner.call('POST', '/api/playlists', { title: text, description: text })
      await matinee.features.videos.createDraft(owner.id, { title: 'A draft', fileName: `${text}.mp4` })
      await say(text, at)
    }
  }, 600_000)
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await matinee?.[Symbol.asyncDispose]()
  })

  /** Each text is the name of somebody who says it under the first film and over it. */
  async function say(text: string, at: number) {
    const call = async (method: string, path: string, body: object, token?: string) => {
      const headers = token ? { authorization: `Bearer ${token}` } : {}
      const answer = await matinee.inject({ method, path, body, headers, from: `192.0.2.${at % 200}` })
      expect(answer.status, `${text}: ${answer.text}`).toBe(201)
      return answer.json as { token: string }
    }
    const { token } = await call('POST', '/user', { username: `one${at}`, password: goodPassword, displayName: text })
    await call('POST', `/videos/${films[0]}/comments`, { text }, token)
    await call('POST', `/api/videos/${films[0]}/danmaku`, { text, atMs: at * 100 }, token)
  }

  async function openTab(): Promise<Tab & { refused: string[] }> {
    const tab = await chromium.openTab({ origin: await matinee.url(), locale: 'en', serviceWorkers: 'block' })
    const refused: string[] = []
    tab.page.setDefaultTimeout(120_000)
    tab.page.on('dialog', (dialog) => {
      refused.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    await tab.page.addInitScript(() => {
      const told: string[] = []
      Object.assign(globalThis, { told })
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        told.push(`${violatedDirective} ${blockedURI}`),
      )
    })
    return Object.assign(tab, { refused })
  }

  async function expectCalm({ page, foreign, errors, refused }: Tab & { refused: string[] }) {
    const told = await page.evaluate(() => {
      const { told: list, owned } = globalThis as unknown as { told: string[]; owned?: unknown }
      return {
        list,
        owned: owned === undefined,
        hooks: document.querySelectorAll('[onerror], [onload], [onfocus], a[href^="javascript:" i]').length,
      }
    })
    expect(told).toEqual({ list: [], owned: true, hooks: 0 })
    expect({ foreign, refused }).toEqual({ foreign: [], refused: [] })
    expect(errors.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([])
  }

  /** Which of the texts do not stand in the page as they were written. */
  async function missingIn(page: Page, selector: string, texts = hostileScripts): Promise<string[]> {
    const all = (await page.locator(selector).allTextContents()).map(seen).join('\n')
    return texts.filter((text) => !all.includes(seen(text)))
  }

  async function expectAll(page: Page, selector: string, texts = hostileScripts) {
    const more = page.locator('main').getByRole('button', { name: shell.words.more, exact: true })
    await expect
      .poll(async () => {
        await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
        for (const button of await more.all()) await button.click({ timeout: 1000 }).catch(() => undefined)
        return await missingIn(page, selector, texts)
      }, patience)
      .toEqual([])
  }

  test('stay texts in every list: films, their makers, lists, notices, the studio', async () => {
    await using tab = await openTab()
    const { page } = tab
    await signIn({ page }, 'owner', goodPassword)
    for (const [path, selector] of [
      ['/search', 'main .film-card'],
      ['/lists', 'main .film-card'],
      ['/notices', '.notice-line'],
      ['/studio', 'main'],
    ] as const) {
      await page.goto(path)
      await page.locator(selector).first().waitFor()
      await expectAll(page, selector)
      await expectCalm(tab)
    }
    for (const path of ['/', '/@owner', `/tag/${encodeURIComponent(hostileScripts[14] ?? '')}`, '/admin/people', '/history']) {
      await page.goto(path, { waitUntil: 'networkidle' })
      await expectCalm(tab)
    }
  })
})
