import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm, readNumbers } from '#server/testing/films.ts'
import { describeWith, isLong, times } from '#server/testing/grounds.ts'
import { openChromium } from '#server/testing/parts/chromium.ts'
import { faultsOfMaster, faultsOfMedia, namesIn } from '#server/testing/playlist-rules.ts'
import { play, type Player, type Told } from './player-page.ts'

const frames = times(300, 500)
const perSecond = 25
/** The second one takes minutes on a small machine. */
const asked = isLong ? (['hls', 'shaka'] as const) : (['hls'] as const)
const { resolve } = createRequire(import.meta.url)
const scripts = { hls: resolve('hls.js'), shaka: resolve('shaka-player') }

describeWith('chromium')('players that others have written', { timeout: 900_000 }, () => {
  let stage: Awaited<ReturnType<typeof openFilmStage>>
  let chromium: Awaited<ReturnType<typeof openChromium>>
  let url: string
  let film: string
  let headers: Record<string, string>

  beforeAll(async () => {
    ;[stage, chromium] = await Promise.all([openFilmStage('embedded'), openChromium()])
    url = await stage.matinee.url()
    headers = { authorization: `Bearer ${stage.visitor.token}` }
    const noisy = ['-vf', 'scale=864:480:flags=neighbor,noise=alls=10:allf=t,format=yuv420p']
    const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac']
    const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames, rate: `${perSecond}`, filters: noisy, output })
    const { videoId } = await stage.arrive(path)
    film = `${url}/stream/${videoId}`
    await vi.waitFor(async () => expect(await stage.stateOf(videoId)).toMatch(/playable|ready/), { timeout: 200_000, interval: 100 })
    await makeAll()
  }, 600_000)
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })

  /** By asking for each of them, so that no player waits for a busy machine. */
  async function makeAll() {
    const insist = (place: string) =>
      vi.waitFor(
        async () => {
          const answer = await fetch(`${film}/${place}`, { headers })
          const text = await answer.text()
          expect(answer.status).toBe(200)
          return text
        },
        { timeout: 200_000, interval: 100 },
      )
    for (const name of namesIn(await insist('master.m3u8')))
      for (const piece of namesIn(await insist(name))) await insist(`${name.replace(/[^/]+$/, '')}${piece}`)
  }

  async function openPlayer(kind: Player['kind']) {
    const tab = await chromium.openTab()
    const { page } = tab
    await page.route(`${url}/a-player`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><video muted></video>' }),
    )
    await page.goto(`${url}/a-player`)
    await page.addScriptTag({ content: await readFile(scripts[kind], 'utf8') })
    await page.evaluate(play, { kind, url: `${film}/master.m3u8`, token: stage.visitor.token })
    return tab
  }

  test.each(asked)('%s starts, seeks anywhere, changes quality and plays to the end: no error, no gap', async (kind) => {
    await using tab = await openPlayer(kind)
    const { page } = tab
    const fetched: string[] = []
    page.on('request', (request) => void fetched.push(request.url()))
    const ask = <T>(verb: string, ...words: number[]) =>
      page.evaluate(([name, args]) => (globalThis as unknown as Record<string, (...a: number[]) => T>)[name]?.(...args) as T, [
        verb,
        words,
      ] as const)
    await ask('started')
    const qualities = await ask<number>('qualities')
    expect(qualities).toBe(3)

    const random = seeded(kind.length)
    for (let seek = 0; seek < times(5, 50); seek++) {
      const atS = random() * (frames / perSecond - 1)
      await ask('seek', atS)
      await expect
        .poll(async () => Math.abs((await ask<number>('shownNumber')) - Math.floor(atS * perSecond)), patience)
        .toBeLessThanOrEqual(1)
      if (seek % 3 === 2) await ask('choose', (seek / 3) % 2 < 1 ? 1 : 0)
    }
    for (const quality of isLong ? [1, 2, 0, 2, 1] : [1, 0, 1]) {
      await ask('choose', quality)
      const atS = random() * (frames / perSecond - 1)
      await ask('seek', atS)
      await expect.poll(() => ask<number>('height'), patience).toBe(quality === 0 ? 360 : 480)
      if (!isLong) continue
      await expect
        .poll(async () => Math.abs((await ask<number>('shownNumber')) - Math.floor(atS * perSecond)), patience)
        .toBeLessThanOrEqual(1)
    }
    if (isLong) await ask('choose', original)
    await ask('seek', 0)
    const before = fetched.length
    await ask('playToTheEnd', isLong ? 1 : 4)
    // While it plays, at length: to a lower row, back to the original, from there to a made one of the same size, and back.
    if (isLong) await ask('turnOnTheWay', 0, original, 1, original)
    await expect.poll(() => hasEnded(page), { timeout: 200_000, interval: 200 }).toBe(true)
    if (isLong) expect(fetched.slice(before).some((address) => /\/1\/o0\/\d+[.]m4s/.test(address))).toBe(true)
    const told = await page.evaluate(() => (globalThis as unknown as { told: Told }).told)
    expect(told.errors).toEqual([])
    if (isLong) expect(told.stalls).toEqual([])
    // Whatever was shown was shown at its moment, and never again: a busy machine leaves some out.
    expect(told.frames.filter(([atS, number]) => number !== Math.round(atS * perSecond))).toEqual([])
    expect(told.frames.filter(([atS], place) => atS <= (told.frames[place - 1]?.[0] ?? -1))).toEqual([])
    expect(told.frames.length).toBeGreaterThan(isLong ? frames / 2 : 0)
    const heights = told.frames.map(([, , height]) => height)
    if (isLong) expect(heights.filter((height, place) => height !== heights[place - 1])).toEqual([480, 360, 480])
    // One stretch without holes, to the last frame.
    expect(told.ranges.length).toBe(1)
    expect(told.ranges[0]?.[1]).toBeCloseTo(frames / perSecond, 0)
    expect(tab.errors).toEqual([])
  })

  test('ffmpeg reads every row from end to end', async () => {
    const words = ['-headers', `authorization: ${headers.authorization}\r\n`]
    const master = await (await fetch(`${film}/master.m3u8`, { headers })).text()
    const all = Array.from({ length: frames }, (_, number) => number)
    for (const name of ['master.m3u8', ...namesIn(master).filter((one) => /\/v\d+[.]m3u8$/.test(one))])
      expect(await readNumbers(`${film}/${name}`, words)).toEqual(all)
  })

  test('[ST6] the playlists keep the rules of RFC 8216 and of Apple’s authoring specification', async () => {
    const get = async (place: string) => await (await fetch(`${film}/${place}`, { headers })).text()
    const master = await get('master.m3u8')
    expect(faultsOfMaster(master)).toEqual([])
    for (const name of namesIn(master)) {
      const text = await get(name)
      const folder = name.slice(0, name.lastIndexOf('/') + 1)
      const sizes = await Promise.all(
        namesIn(text).map(async (piece) => Number((await fetch(`${film}/${folder}${piece}`, { headers })).headers.get('content-length'))),
      )
      expect(faultsOfMedia(text, { sizes, master, name }), name).toEqual([])
    }
  })
})

const patience = { timeout: 150_000, interval: 50 }
/** The third is the original as it is: the others show the same pictures at the same moments. */
const original = 2
const hasEnded = (page: Page) => page.evaluate(() => (document.querySelector('video') as HTMLVideoElement).ended)

function seeded(seed: number): () => number {
  let state = seed * 7919
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}
