import { expect } from 'vitest'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { type ChromiumPart, openChromium, type Tab } from '#server/testing/parts/chromium.ts'
import type { Language } from '#shared/language.ts'

export const devices = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
} as const
export type Device = keyof typeof devices

export type SeatOptions = {
  language?: Language
  device?: Device
  hasScript?: boolean
  theme?: 'dark' | 'light'
  headers?: Record<string, string>
  /** With the service worker, which otherwise would answer for the network that tests look at. */
  hasWorker?: boolean
}

/** A tab at a Matinee of its own, with an eye on all that must not happen. */
export type Seat = Tab & {
  /** Addresses that answered with a failure, such as `401 /api/session`. */
  readonly refused: string[]
  /** Nothing went wrong but what is named, nothing left the origin, and axe finds nothing on the page as it stands. */
  expectClean(expected?: string[]): Promise<void>
}

/** One Chromium for a file of tests. */
export async function openStage() {
  const chromium = await openChromium()
  return {
    openHouse: (set: Record<string, string> = {}): Promise<TestMatinee> => startMatinee('embedded', { set }),
    takeSeat: async (house: TestMatinee, options: SeatOptions = {}): Promise<Seat> => takeSeat(chromium, await house.url(), options),
    [Symbol.asyncDispose]: () => chromium[Symbol.asyncDispose](),
  }
}

async function takeSeat(
  chromium: ChromiumPart,
  origin: string,
  { language = 'en', device = 'desktop', hasScript = true, theme, headers, hasWorker = false }: SeatOptions,
): Promise<Seat> {
  const tab = await chromium.openTab({
    origin,
    locale: language,
    javaScriptEnabled: hasScript,
    reducedMotion: 'reduce',
    serviceWorkers: hasWorker ? 'allow' : 'block',
    ...devices[device],
    ...(theme ? { colorScheme: theme } : {}),
    ...(headers ? { extraHTTPHeaders: headers } : {}),
  })
  const refused: string[] = []
  tab.page.setDefaultTimeout(60_000)
  if (hasScript) waitForLife(tab)
  tab.page.on('response', (response) => {
    if (response.status() >= 400) refused.push(`${response.status()} ${new URL(response.url()).pathname}`)
  })
  return Object.assign(tab, {
    refused,
    async expectClean(expected: string[] = []) {
      expect(refused).toEqual(expected)
      // Chromium itself writes a line for each answer that was a refusal: those were looked at above.
      expect(tab.errors.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([])
      expect(tab.foreign).toEqual([])
      await expectFits(tab)
      if (hasScript) expect(await tab.violations()).toEqual([])
    },
  })
}

/** A person looks before they act; a test would act between the text of a page and its life, and be heard by nobody. */
function waitForLife({ page }: Tab): void {
  const goTo = page.goto.bind(page)
  page.goto = async (...place) => {
    const answer = await goTo(...place)
    const isAlive = () => {
      const root = document.getElementById('root')
      return root === null || Object.keys(root).some((key) => key.startsWith('__reactContainer'))
    }
    // A page that the test keeps from its scripts is looked at as it is.
    await page.waitForFunction(isAlive, undefined, { timeout: 15_000 }).catch(() => {})
    return answer
  }
}

/** Nothing is wider than the window. */
async function expectFits({ page }: Tab): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth).catch(() => 0)
  expect(overflow).toBe(0)
}

export const password = 'seven lanterns by the sea'

/** Somebody with an account, made through the API; the first one owns the house. */
export async function register(house: TestMatinee, username: string, more: Record<string, unknown> = {}): Promise<{ token: string }> {
  const answer = await house.inject({ method: 'POST', path: '/api/user', body: { username, password, ...more } })
  expect(answer.status).toBe(201)
  return answer.json as { token: string }
}

/** Signs in beside the page, which is quicker: that people can do it by the page stands in coming-in.test.ts. */
export async function signIn({ page }: Pick<Seat, 'page'>, username: string, secret = password): Promise<void> {
  await page.context().clearCookies({ name: 'matinee' })
  const answer = await page.request.post('/api/session', { data: { username, password: secret } })
  expect(answer.status()).toBe(200)
  await page.goto('/')
}
