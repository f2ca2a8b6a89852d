import type { ChromiumPart } from '../../../server/testing/parts/chromium.ts'
import { type Row, row } from '../frame.ts'

const minuteMs = 60_000
const perMinute = 5000
const words = ['好美', '前方高能', 'the light!', '原來是這裡', '第一次看就哭了', '来了来了', '2333333', 'I was there']

type Scene = { chromium: ChromiumPart; origin: string; film: string; seconds: number }

/**
 * 50,000 in ten minutes over a screen of 1080 lines. The film stands still, and its clock is ours: what is measured is the flight, not the decoder.
 * Beside it the same page without danmaku, because a busy machine is late by itself.
 */
export async function danmakuOnScreen({ chromium, origin, film, seconds }: Scene): Promise<Row[]> {
  const [without, flown] = [await fly(false), await fly(true)]
  const note = `${flown.frames} frames, up to ${flown.most} at once; without danmaku ${(without.late * 100).toFixed(2)} % late`
  return [
    row(
      'danmaku on 1080 lines, frames late beyond those of the page alone',
      Math.max(0, flown.late - without.late) * 100,
      { atMost: 1 },
      { unit: '%', note },
    ),
    row('danmaku at once, at most', flown.most, { atLeast: 100 }),
  ]

  async function fly(isOn: boolean) {
    await using tab = await chromium.openTab({ origin, serviceWorkers: 'block', viewport: { width: 1920, height: 1080 } })
    const { page } = tab
    await page.addInitScript((on) => {
      localStorage.setItem('matinee-danmaku', JSON.stringify({ isOn: on, density: 'full', area: 1 }))
      localStorage.setItem('matinee-player', JSON.stringify({ beginsByItself: false, isTheatre: true }))
    }, isOn)
    await page.route(/\/api\/videos\/[^/]+\/danmaku\?/, (route) => {
      const fromMs = Number(new URL(route.request().url()).searchParams.get('fromMs'))
      return route.fulfill({ contentType: 'application/json', body: JSON.stringify(packet(fromMs)) })
    })
    await page.goto(`/watch/${film}`)
    await page.locator('.player video').waitFor({ state: 'attached' })
    return page.evaluate(measure, seconds)
  }
}

function packet(fromMs: number) {
  const items = Array.from({ length: perMinute }, (_, at) => ({
    id: `d${fromMs + at}`,
    atMs: fromMs + Math.floor((at / perMinute) * minuteMs),
    text: words[at % words.length],
    mode: at % 40 === 0 ? 'top' : 'scroll',
    color: at % 7 === 0 ? '#f6b44b' : '#ffffff',
    size: 'small',
    likes: 0,
    count: 1,
    by: 'x',
  }))
  return { items, fromMs, toMs: fromMs + minuteMs, heat: [], total: 50_000, isOn: true, own: [], liked: [] }
}

/** Runs in the page, and takes all it needs with it. A frame is late when it comes more than half a frame after its time. */
async function measure(forS: number) {
  const video = document.querySelector('video')
  if (!video) throw new Error('There is no film on the page.')
  const beganMs = performance.now()
  Object.defineProperty(video, 'currentTime', { configurable: true, get: () => (performance.now() - beganMs) / 1000 })
  const ticking = setInterval(() => video.dispatchEvent(new Event('timeupdate')), 250)
  const frame = () => new Promise<number>((come) => requestAnimationFrame(come))
  const flying = () => Number(document.querySelector<HTMLElement>('canvas.danmaku')?.dataset['flying'] ?? 0)
  // Until the stage is full.
  for (let now = await frame(); now - beganMs < 10_000; now = await frame());
  let [frames, late, most] = [0, 0, 0]
  const untilMs = performance.now() + forS * 1000
  for (let before = await frame(), now = await frame(); now < untilMs; before = now, now = await frame()) {
    frames += 1
    if (now - before > 25) late += 1
    most = Math.max(most, flying())
  }
  clearInterval(ticking)
  return { frames, late: late / frames, most }
}
