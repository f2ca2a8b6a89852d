import type { Page } from 'playwright-core'
import type { ChromiumPart } from '../../../server/testing/parts/chromium.ts'
import { type Row, row, spreadOf } from '../frame.ts'

type Answer = { what: string; ms: number }
type Scene = { chromium: ChromiumPart; origin: string; looks: number; say(line: string): void }

const phone = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true, locale: 'en' } as const
const slower = 4
/** Whoever presses does so with pauses; without them one press would be counted into the next one's answer. */
const pauseMs = 400

/** Runs in the page before its own scripts: every press and key, from the finger to the picture that shows the answer. */
function listenForAnswers(): void {
  const page = globalThis as { answers?: Answer[] }
  const answers: Answer[] = []
  page.answers = answers
  const note = (list: PerformanceObserverEntryList) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number; target: Element | null })[])
      if (entry.interactionId > 0) answers.push({ what: `${entry.name} on ${entry.target?.className || 'the page'}`, ms: entry.duration })
  }
  const watched = { type: 'event', durationThreshold: 16, buffered: true }
  new PerformanceObserver(note).observe(watched)
}

/**
 * Somebody with a phone four times slower than this machine looks for a film, opens it, handles it, shares it and goes home: one visit without a load in
 * between. What counts of a visit is its slowest answer, which is what browsers report as INP where presses are few.
 */
export async function answers({ chromium, origin, looks, say }: Scene): Promise<Row[]> {
  const slowest: Answer[] = []
  for (let look = 0; look < looks; look++) {
    await using tab = await chromium.openTab({ origin, serviceWorkers: 'block', ...phone })
    const { page } = tab
    await page.addInitScript(listenForAnswers)
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: slower })
    await visit(page)
    const found = await page.evaluate(() => (globalThis as { answers?: Answer[] }).answers ?? [])
    const last = found.toSorted((one, other) => one.ms - other.ms).at(-1)
    if (!last) throw new Error('Nobody pressed anything.')
    slowest.push(last)
    say(`answers: ${found.length} presses and keys, the slowest ${last.what}: ${last.ms} ms`)
  }
  return [row('a visit, slowest answer to a press', spreadOf(slowest.map(({ ms }) => ms)), { atMost: 200 }, { unit: 'ms' })]
}

async function visit(page: Page): Promise<void> {
  page.setDefaultTimeout(60_000)
  const rest = () => page.waitForTimeout(pauseMs)
  await page.goto('/search')
  // As soon as it stands, which may be before it listens.
  await page.locator('.search-page-input').tap()
  for (const sign of 'train') {
    await page.keyboard.press(sign)
    await page.waitForTimeout(120)
  }
  await page.locator('main h1', { hasText: 'train' }).waitFor()
  await rest()
  await page.locator('main .film-title a').first().tap()
  await page.waitForURL('/watch/**')
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0)
  await rest()
  for (const key of ['k', 'k', 'ArrowRight', 'm']) {
    await page.keyboard.press(key)
    await rest()
  }
  for (const act of [
    '.watch-act:has-text("Share")',
    '.dialog[open] .dialog-head button',
    '.comments-sort button:last-child',
    '.shell-home',
  ]) {
    await page.locator(act).first().tap()
    await rest()
  }
  await page.locator('.home-first').waitFor()
  await rest()
}
