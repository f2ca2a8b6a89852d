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

/** Many of them in one title: what one page shows need not be asked of three hundred. */
const bundles = bundlesOf(hostileScripts, 200)

describeWith('chromium')('[T9] three hundred texts that would be scripts', { timeout: 400_000 }, () => {
  let matinee: TestMatinee
  let chromium: Awaited<ReturnType<typeof openChromium>>
  let owner: Visitor
  const films: string[] = []
  const first = () => films[0] ?? ''

  beforeAll(async () => {
    expect(hostileScripts.filter((text) => [...text].length <= 50)).toHaveLength(300)
    const set = { 'limits.requestsPerMinute': '1000000' }
    ;[matinee, chromium] = await Promise.all([startMatinee('embedded', { set }), openChromium()])
    owner = await joinAsOwner(matinee)
    const show = createShow(matinee, owner)
    for (const texts of bundles) {
      const title = texts.join(' ')
      const film = await show.film({ title, description: title, tags: texts, durationMs: 3_000_000 })
      await show.change(film, { embedding: 'everybody' })
      films.push(film)
      await owner.call('POST', '/api/playlists', { title, description: title })
    }
    const all = hostileScripts.join('\n')
    await show.change(first(), { description: all, cast: hostileScripts.slice(0, 100).map((name) => ({ name, part: name })) })
    for (const [at, text] of hostileScripts.entries()) await say(text, at)
  }, 600_000)
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await matinee?.[Symbol.asyncDispose]()
  })

  /** Each text is the name of somebody who says it under the first film and over it, too far from the others to be one with them. */
  async function say(text: string, at: number) {
    const call = async (method: string, path: string, body: object, token?: string) => {
      const headers = token ? { authorization: `Bearer ${token}` } : {}
      const answer = await matinee.inject({ method, path, body, headers, from: `192.0.2.${at % 200}` })
      expect(answer.status, `${text}: ${answer.text}`).toBe(201)
      return answer.json as { token: string }
    }
    const { token } = await call('POST', '/user', { username: `one${at}`, password: goodPassword, displayName: text })
    await call('POST', `/videos/${first()}/comments`, { text }, token)
    await call('POST', `/api/videos/${first()}/danmaku`, { text, atMs: at * 10_000 }, token)
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
    // No file is called so long: all names at once.
    await page.route(/\/api\/user\/owner\/videos\/\w+$/, async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), fileName: hostileScripts.join(' ') } })
    })
    await page.goto(`/studio/${films[1]}`)
    await expectAll(page, '.studio-more')
    await expectCalm(tab)
    for (const path of ['/', '/@owner', `/tag/${encodeURIComponent(hostileScripts[14] ?? '')}`, '/admin/people', '/history']) {
      await page.goto(path, { waitUntil: 'networkidle' })
      await expectCalm(tab)
    }
  })

  test('stay texts under a film, over it and beside it: words, people, comments and danmaku', async () => {
    await using tab = await openTab()
    const { page } = tab
    await signIn({ page }, 'owner', goodPassword)
    await page.goto(`/watch/${first()}`)
    await expectAll(page, '.watch-text')
    await expectAll(page, '.watch-people li', hostileScripts.slice(0, 100))
    await expectAll(page, '.comment')
    await page.locator('.danmaku-list summary').click()
    await expectAll(page, '.danmaku-row')
    await expectCalm(tab)
  })

  test('stay texts in what the house writes for others: pages without script, cards for links, feeds, maps and frames', async () => {
    await using tab = await openTab()
    // The house's own pages let no script make a document of a text.
    await tab.page.goto('about:blank')
    const origin = await matinee.url()
    const { host } = new URL(origin)
    const get = async (path: string) => {
      const { status, text } = await matinee.inject({ path, headers: { accept: 'text/html', host } })
      expect([path, status]).toEqual([path, 200])
      return text
    }
    const pages = await Promise.all(films.map((vid) => get(`/watch/${vid}`)))
    const told = await Promise.all(films.map((vid) => get(`/api/oembed?url=${encodeURIComponent(`${origin}/watch/${vid}`)}`)))
    const frames = told.map((text) => JSON.parse(text) as { title: string; html: string })
    const map = (await get('/sitemap.xml')).match(/\/sitemaps\/[\d-]+[.]xml/)?.[0] ?? ''
    const xml = await Promise.all(['/feed.xml', '/@owner/feed.xml', map].map(get))
    const read = await tab.page.evaluate(readAll, { pages, frames: frames.map(({ html }) => html), xml })
    const texts = bundles.map((all) => seen(all.join(' ')))
    expect(frames.map(({ title }) => seen(title))).toEqual(texts)
    expect(read.frames.filter(({ bones, title }, at) => bones !== 'html head body iframe' || seen(title) !== texts[at])).toEqual([])
    expect(read.pages.map(({ card }) => seen(card))).toEqual(texts)
    expect(read.pages.filter(({ words }, at) => !seen(words).includes(texts[at] ?? ''))).toEqual([])
    // The first has what was said under it; of all others the scripts are those of any page.
    expect([...new Set(read.pages.slice(1).map(({ scripts }) => scripts))]).toHaveLength(1)
    expect([...read.pages, ...read.frames].filter(({ hooks }) => hooks > 0)).toEqual([])
    expect(read.xml.map(({ faults }) => faults)).toEqual([0, 0, 0])
    const titles = read.xml.flatMap((one) => one.titles.map(seen))
    expect(titles.length).toBeGreaterThan(20)
    expect(titles.filter((title) => !texts.includes(title))).toEqual([])
    // What a reader of feeds takes for HTML is the text again, and nothing but it.
    const abouts = read.xml.flatMap((one) => one.abouts)
    expect(abouts.filter(({ words, bones, hooks }) => hooks > 0 || bones !== 'html head body' || !texts.includes(seen(words)))).toEqual([])
    await expectCalm(tab)
  })
})

function bundlesOf(texts: readonly string[], most: number): string[][] {
  const bundles: string[][] = [[]]
  for (const text of texts) {
    const last = bundles.at(-1) ?? []
    if ([...last, text].join(' ').length > most) bundles.push([text])
    else last.push(text)
  }
  return bundles
}

type Written = { pages: string[]; frames: string[]; xml: string[] }

/** Runs in the page, and takes all it needs with it. What is parsed there is run by nobody. */
function readAll({ pages, frames, xml }: Written) {
  const read = (text: string) => {
    const page = new DOMParser().parseFromString(text, 'text/html')
    const elements = [...page.querySelectorAll('*')]
    const leads = new Set(['href', 'src', 'srcdoc', 'action', 'formaction', 'data', 'poster', 'xlink:href'])
    const isHook = (one: Element) =>
      [...one.attributes].some(
        ({ name, value }) => /^on[a-z]/.test(name) || (leads.has(name) && /^(?:javascript|data):/i.test(value.replaceAll(/[^!-~]/g, ''))),
      )
    return {
      card: page.querySelector('meta[property="og:title"]')?.getAttribute('content') ?? '',
      title: page.querySelector('iframe')?.getAttribute('title') ?? '',
      words: page.body.textContent,
      bones: elements.map(({ localName }) => localName).join(' '),
      scripts: [...page.scripts].map(({ type, src }) => `${type} ${src}`).join(' '),
      hooks: elements.filter(isHook).length,
    }
  }
  return {
    pages: pages.map(read),
    frames: frames.map(read),
    xml: xml.map((text) => {
      const document = new DOMParser().parseFromString(text, 'application/xml')
      const all = (selector: string) => [...document.querySelectorAll(selector)].map((one) => one.textContent)
      return {
        faults: document.querySelectorAll('parsererror, script, img, svg, iframe').length,
        titles: all('item > title'),
        abouts: all('item > description').map(read),
      }
    }),
  }
}
