import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const patience = { timeout: 120_000, interval: 100 }

type Told = {
  title: string | undefined
  state: string
  locks: string[]
  pip: string[]
}

/** Runs in the page before all else: what a page asks of the device, where nobody looks at a screen. */
export function surroundings(): void {
  const told = { locks: [] as string[], pip: [] as string[], acts: new Map<string, (details: object) => void>() }
  Object.assign(globalThis, { surroundings: told })
  const { mediaSession } = navigator
  const set = mediaSession.setActionHandler.bind(mediaSession)
  mediaSession.setActionHandler = (name, act) => {
    if (act) told.acts.set(name, act as unknown as (details: object) => void)
    else told.acts.delete(name)
    set(name, act)
  }
  const request = () => {
    told.locks.push('asked')
    return Promise.resolve({ release: () => Promise.resolve(told.locks.push('released')) })
  }
  Object.defineProperty(navigator, 'wakeLock', { value: { request } })
  Object.defineProperty(document, 'pictureInPictureEnabled', { value: true })
  HTMLVideoElement.prototype.requestPictureInPicture = () => {
    told.pip.push('asked')
    return Promise.reject(new Error('There is no window here.'))
  }
}

export function toldOf(page: Page): Promise<Told> {
  return page.evaluate(() => {
    const { locks, pip } = (globalThis as unknown as { surroundings: { locks: string[]; pip: string[] } }).surroundings
    return { title: navigator.mediaSession.metadata?.title, state: navigator.mediaSession.playbackState, locks, pip }
  })
}

export function videoOf(page: Page) {
  return page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('.player video')
    return {
      atS: video?.currentTime ?? -1,
      rate: video?.playbackRate ?? 0,
      keepsPitch: video?.preservesPitch,
      loops: video?.loop,
      volume: video?.volume ?? -1,
      isPaused: video?.paused,
      height: video?.videoHeight,
      source: video?.currentSrc ?? '',
    }
  })
}

/** Begins again until it runs: the browser may hold it back, and the film is short. */
export async function plays(page: Page, forS = 0.3): Promise<void> {
  await page.locator('.player video').waitFor({ state: 'attached' })
  let from: number | undefined
  await expect
    .poll(async () => {
      const atS = await page.evaluate(async () => {
        const video = document.querySelector('video')
        if (!video) return -1
        video.muted = true
        if (video.paused && !video.ended) await video.play().catch(() => undefined)
        return video.readyState > 2 ? video.currentTime : -1
      })
      if (atS >= 0) from ??= atS
      return from === undefined ? -1 : atS - from
    }, patience)
    .toBeGreaterThanOrEqual(forS)
}

export async function hold(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector('video')?.pause())
  await expect.poll(async () => (await videoOf(page)).isPaused, patience).toBe(true)
}

export function hands(page: Page) {
  return {
    seek: (toS: number) =>
      page.evaluate((atS) => {
        const video = document.querySelector('video')
        if (video) video.currentTime = atS
      }, toS),
    /** What a key beside the screen, or the bar of the device, says. */
    session: (name: string, details: object) =>
      page.evaluate(
        ([act, more]) => {
          type Acts = { surroundings: { acts: Map<string, (told: object) => void> } }
          ;(globalThis as unknown as Acts).surroundings.acts.get(act)?.({ action: act, ...more })
        },
        [name, details] as const,
      ),
  }
}

/** The menus of the bar, one at a time. */
export function menus(page: Page) {
  const shown = page.locator('.control-bar :popover-open')
  return {
    rows: shown.locator('.pick-option'),
    async open(name: string) {
      await page.getByRole('button', { name, exact: true }).click()
      await shown.waitFor()
      return shown
    },
    async close() {
      await page.keyboard.press('Escape')
      await shown.waitFor({ state: 'detached' })
    },
  }
}

/** Holds back what the page asks for, while it is shut. */
export async function gateOf(page: Page, what: RegExp) {
  let isShut = false
  const waiting: (() => Promise<void>)[] = []
  await page.route(what, async (route) => {
    const go = () => route.continue().catch(() => undefined)
    if (isShut) waiting.push(go)
    else await go()
  })
  return {
    shut() {
      isShut = true
    },
    async open() {
      isShut = false
      for (const go of waiting.splice(0)) await go()
    },
  }
}

/** One finger on something, at shares of its width and height. The browser believes the times it is told: a tap is as quick as it says. */
export async function touching(page: Page, selector: string) {
  const line = await page.context().newCDPSession(page)
  const box = async () => (await page.locator(selector).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  let atS = Date.now() / 1000
  const send = async (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0.5) => {
    const { x: left, y: top, width, height } = await box()
    const touchPoints = type === 'touchEnd' ? [] : [{ x: left + width * x, y: top + height * y }]
    await line.send('Input.dispatchTouchEvent', { type, touchPoints, timestamp: (atS += 0.03) })
  }
  return {
    down: (x: number, y?: number) => send('touchStart', x, y),
    draw: (x: number, y?: number) => send('touchMove', x, y),
    up: () => send('touchEnd'),
    async tapTwice(x: number) {
      // Apart from whatever came before.
      atS += 2
      for (let tap = 0; tap < 2; tap++) {
        await send('touchStart', x)
        await send('touchEnd')
      }
    },
  }
}
