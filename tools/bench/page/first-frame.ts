import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { ChromiumPart } from '../../../server/testing/parts/chromium.ts'
import { median, type Row, row } from '../frame.ts'

const { resolve } = createRequire(import.meta.url)
const barePath = '/a-bare-page'

/** Runs in each page before its own scripts: remembers when the first picture of a film was shown, counted from the beginning of the navigation. */
function watchForPicture(): void {
  const page = globalThis as { firstPictureMs?: number }
  const look = () => {
    const video = document.querySelector('video')
    if (!video) return requestAnimationFrame(look)
    video.muted = true
    return video.requestVideoFrameCallback((now) => (page.firstPictureMs = now))
  }
  requestAnimationFrame(look)
}

const bareScript = (film: string) => `
  const player = new Hls()
  player.loadSource('/stream/${film}/master.m3u8')
  player.attachMedia(document.querySelector('video'))
  player.on(Hls.Events.MANIFEST_PARSED, () => document.querySelector('video').play())`

type Scene = { chromium: ChromiumPart; origin: string; film: string; looks: number }

/** The page of a film, with all that stands on it, beside a page with nothing but hls.js: both cold, by turns. */
export async function firstFrame({ chromium, origin, film, looks }: Scene): Promise<Row[]> {
  const script = await readFile(resolve('hls.js/dist/hls.min.js'), 'utf8')
  const times = { watch: [] as number[], bare: [] as number[] }
  for (let look = 0; look < looks; look++) {
    times.bare.push(await open(barePath))
    times.watch.push(await open(`/watch/${film}`))
  }
  const ratio = median(times.watch) / median(times.bare)
  const note = `${Math.round(median(times.watch))} ms, bare ${Math.round(median(times.bare))} ms`
  return [row('watch, opened to first picture, against hls.js alone', ratio, { atMost: 1.3 }, { unit: '×', note })]

  async function open(path: string): Promise<number> {
    await using tab = await chromium.openTab({ origin, serviceWorkers: 'block' })
    const { page } = tab
    await page.addInitScript(watchForPicture)
    await page.route(`**${barePath}`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><video muted playsinline></video><script src="${barePath}.js"></script><script>${bareScript(film)}</script>`,
      }),
    )
    await page.route(`**${barePath}.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
    await page.goto(path)
    const shown = await page.waitForFunction(() => (globalThis as { firstPictureMs?: number }).firstPictureMs, undefined, {
      timeout: 60_000,
    })
    return Number(await shown.jsonValue())
  }
}
