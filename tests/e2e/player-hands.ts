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
