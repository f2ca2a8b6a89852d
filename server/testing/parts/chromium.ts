import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

export type ChromiumPart = AsyncDisposable & {
  readonly browser: Browser
  /** A person with a browser of their own: no cookie, no cache, one tab. */
  openTab(options?: TabOptions): Promise<Tab>
}

export type TabOptions = BrowserContextOptions & {
  /** Requests to any other origin are refused and kept in `foreign`. */
  origin?: string
}

export type Tab = AsyncDisposable & {
  readonly page: Page
  /** What the page asked of other origins. */
  readonly foreign: string[]
  /** Errors of scripts and of the console. */
  readonly errors: string[]
  /** What axe finds in the page once what is fading in is there, each as `rule: selector`. */
  violations(): Promise<string[]>
}

/** The system's Chromium, with devices of pretence for calls. */
export async function openChromium(): Promise<ChromiumPart> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
  if (!executablePath) throw new Error('There is no Chromium: apt-get install chromium fonts-noto-cjk')
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  // Whoever runs this closes what it opened when it is told to end; the browser itself would end the whole process first.
  const how = { handleSIGINT: false, args: [...args, '--autoplay-policy=no-user-gesture-required'] }
  const browser = await chromium.launch({ executablePath, ...how })
  return {
    browser,
    openTab: (options) => openTab(browser, options),
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

async function openTab(browser: Browser, { origin, ...options }: TabOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ ...(origin ? { baseURL: origin } : {}), ...options })
  const foreign: string[] = []
  const errors: string[] = []
  if (origin) {
    const isForeign = (url: URL) => /^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(origin).host
    await context.route(isForeign, (route) => {
      foreign.push(route.request().url())
      return route.abort()
    })
    await context.routeWebSocket(isForeign, (socket) => {
      foreign.push(socket.url())
      return socket.close()
    })
  }
  const page = await context.newPage()
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
  return { page, foreign, errors, violations: () => violationsOf(page), [Symbol.asyncDispose]: () => context.close() }
}

/** What is half faded in has no contrast yet. What flies for longer than a moment, or for ever, is not waited for. */
const stillness = `Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime <= 2000).map((one) => one.finished))`

/** By the debugger's way in, which a page's own policy against foreign scripts does not stop. */
async function violationsOf(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const run = `${axe.source}; ${stillness}.then(() => axe.run(document, { resultTypes: ['violations'] })).then((result) => JSON.stringify(result.violations.map((one) => [one.id, one.nodes.map((node) => node.target.join(' '))])))`
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression: run, awaitPromise: true, returnByValue: true })
  await session.detach()
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  const found = JSON.parse(String(result.value)) as [rule: string, nodes: string[]][]
  return found.flatMap(([rule, nodes]) => nodes.map((node) => `${rule}: ${node}`))
}
