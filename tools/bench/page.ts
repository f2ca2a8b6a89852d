import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openChromium as openTestChromium } from '../../server/testing/parts/chromium.ts'
import { openClub } from '../screens/cinema.ts'
import { type Bench, type BenchTools, type Launched, launch, type Row, row, type Spread, spreadOf } from './frame.ts'
import { answers } from './page/answers.ts'
import { firstFrame } from './page/first-frame.ts'

const root = join(import.meta.dirname, '../..')
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const
const pages = [
  { name: 'home', path: () => '/' },
  { name: 'watch', path: (film: string) => `/watch/${film}` },
  { name: 'search', path: () => '/search?q=train' },
  { name: 'channel', path: () => '/@oliver' },
] as const

/** What of Lighthouse is used. Its own default is meant: a phone on slow 4G with a processor four times slower, everything cold. */
type Lighthouse = (url: string, flags: Record<string, unknown>) => Promise<{ lhr: Report } | undefined>
type Report = {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
  audits: Record<string, { title: string; score: number | null; numericValue?: number }>
}

/** There is no peer: the four marks are absolute, and Lighthouse itself puts the machine's speed into perspective. */
export const bench: Bench = {
  name: 'page',
  about: 'what Lighthouse says of the pages on a phone with slow 4G, how soon a press is answered, and how soon a film shows',
  run: async (tools) => {
    await expectPackedApp()
    const { default: lighthouse } = await tools.peer<{ default: Lighthouse }>('lighthouse')
    const club = await openClub(tools.folder, { say: tools.say, signal: new AbortController().signal })
    tools.closing(club)
    const { origin, film } = club
    if (film === undefined) throw new Error('There is no film to look at: FFmpeg is missing.')
    const rows: Row[] = []
    if (tools.wants('lighthouse')) for (const page of pages) rows.push(...(await marksOf(page, { tools, lighthouse, origin, film })))
    if (tools.wants('first-frame') || tools.wants('answers')) {
      const chromium = await openTestChromium()
      tools.closing(chromium)
      if (tools.wants('answers')) rows.push(...(await answers({ chromium, origin, looks: tools.short ? 1 : 5, say: tools.say })))
      if (tools.wants('first-frame')) rows.push(...(await firstFrame({ chromium, origin, film, looks: tools.short ? 1 : 7 })))
    }
    return rows
  },
}

/** A build that was broken off is served all the same, several times as heavy: its marks would say nothing of Matinee. */
async function expectPackedApp(): Promise<void> {
  const assets = join(root, 'dist/web/assets')
  const names = new Set(existsSync(assets) ? await readdir(assets) : [])
  const heavy = [...names].filter((name) => /^(app|house)-.*\.(js|css)$/.test(name))
  if (heavy.length > 0 && heavy.every((name) => names.has(`${name}.br`))) return
  throw new Error('The web app is not built, or not to its end: npm run build')
}

type Sight = { tools: BenchTools; lighthouse: Lighthouse; origin: string; film: string }

/** Each look is by a browser of its own, so that nothing is warm. The median counts. */
async function marksOf({ name, path }: (typeof pages)[number], { tools, lighthouse, origin, film }: Sight): Promise<Row[]> {
  const reports: Report[] = []
  for (let look = 0; look < (tools.short ? 1 : 5); look++) {
    const chromium = await openChromium(join(tools.folder, `chromium-${name}-${look}`))
    try {
      const port = Number(chromium.match?.[1])
      const answer = await lighthouse(origin + path(film), { port, onlyCategories: categories, logLevel: 'error' })
      if (!answer) throw new Error(`Lighthouse said nothing of ${name}`)
      reports.push(answer.lhr)
    } finally {
      await chromium.stop()
    }
  }
  for (const complaint of complaintsOf(reports)) tools.say(`${name}: ${complaint}`)
  const figures = (audit: string) => spreadOf(reports.map(({ audits }) => audits[audit]?.numericValue ?? Number.NaN))
  // What somebody searches for is nobody else's, and asks not to be found by others: there it has no mark.
  const asked = name === 'search' ? categories.filter((category) => category !== 'seo') : categories
  return [
    ...asked.map((category) => row(`${name}, ${category}`, markOf(reports, category), { atLeast: 95 })),
    row(`${name}, largest picture or text`, figures('largest-contentful-paint'), { atMost: 2500 }, { unit: 'ms' }),
    row(`${name}, jumping of the layout`, figures('cumulative-layout-shift'), { atMost: 0.02 }),
  ]
}

/** A category without a mark counts as zero: a page that could not be judged is not a good one. */
function markOf(reports: readonly Report[], category: string): Spread {
  return spreadOf(reports.map(({ categories: found }) => (found[category]?.score ?? 0) * 100))
}

/** What cost marks in the last look, for whoever wants them back. */
function complaintsOf(reports: readonly Report[]): string[] {
  const last = reports.at(-1)
  if (!last) return []
  const weighed = Object.values(last.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0))
  const low = weighed.map(({ id }) => last.audits[id]).filter((audit) => audit?.score !== null && (audit?.score ?? 1) < 0.9)
  return low.map((audit) => `${audit?.title} (${Math.round((audit?.score ?? 0) * 100)})`)
}

function openChromium(folder: string): Promise<Launched> {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((one) => existsSync(one))
  if (!path) throw new Error('There is no Chromium: apt-get install chromium')
  const flags = ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--no-first-run', '--disable-extensions']
  return launch(path, {
    args: [...flags, '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
    until: /DevTools listening on ws:\/\/[^:]+:(\d+)/,
  })
}
