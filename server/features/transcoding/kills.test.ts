import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startChild } from '#server/testing/child.ts'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { ffmpeg, joinCells, makeFilm, readNumbers } from '#server/testing/films.ts'
import { isLong, times } from '#server/testing/grounds.ts'
import { cpuBelowMs, isThere, startedBy } from '#server/testing/process-tree.ts'

const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac']
const patience = { timeout: 180_000, interval: 20 }
const script = new URL('../../testing/children/fill-film.ts', import.meta.url)

/** Twelve cells of next to nothing, or sixty of a fraction of a second each: a kill every two of these seconds. */
const film = isLong ? { frames: 6000, rate: '25', kills: 8 } : { frames: 240, rate: '5', kills: 2 }
/** Of so short a film the starts of the processes are the greater part. */
const mostWaste = times(8, 1.3)

test('[G2] [G7] [F11] workers that are killed cost their open cells: the same frames at the same times as in calm, published cells stay as they were, nothing is left', async () => {
  await using room = await openFolder()
  const [calm, killed] = ['calm', 'killed'].map((name) => join(room.folder, name)) as [string, string]
  const { videoId, cells } = await planFilmIn(killed)
  await cp(killed, calm, { recursive: true })

  const calmMs = await fillCalmly(calm, videoId)
  const killedMs = await fillWithKills(killed, videoId, cells)
  expect(killedMs / calmMs).toBeLessThanOrEqual(mostWaste)

  const [asCalm, asKilled] = [await shownOf(calm, videoId, cells), await shownOf(killed, videoId, cells)]
  expect(asKilled.numbers).toEqual(Array.from({ length: film.frames }, (_, i) => i))
  expect(asKilled.times).toEqual(asCalm.times)
  expect(asKilled.init.equals(asCalm.init)).toBe(true)
  expect((await readdir(rowIn(killed, videoId))).filter((name) => !/^(\d+[.]m4s|init[.]mp4)$/.test(name))).toEqual([])
}, 900_000)

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-kills-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

const rowIn = (folder: string, videoId: string) => join(folder, 'blobs', 'cells', videoId, '1', 'v180')

/** Planned in a house of its own that is closed again. */
async function planFilmIn(folder: string): Promise<{ videoId: string; cells: number }> {
  await using stage = await openFilmStage('embedded', { without: ['worker'], folder })
  const small = { frames: film.frames, rate: film.rate, width: 320, height: 180, sound: 'none', output } as const
  const key = await stage.arrive(await makeFilm({ ...small, path: join(stage.folder, 'film.mp4') }))
  await stage.transcoding.plan({ ...key, attempt: 1, signal: stage.signal })
  const planned = await stage.transcoding.findFilm(key)
  return { videoId: key.videoId, cells: planned?.rows[0]?.cells ?? 0 }
}

/** CPU of all that it took. */
async function fillCalmly(folder: string, videoId: string): Promise<number> {
  await using child = await startChild(script, [folder, videoId, '40'])
  return await lastOf(child)
}

async function lastOf(child: Awaited<ReturnType<typeof startChild>>): Promise<number> {
  const said: string[] = []
  child.onLine((line) => said.push(line))
  let spentMs = 0
  await vi.waitFor(() => {
    spentMs = Math.max(spentMs, cpuBelowMs(child.pid))
    expect(said).toContain('done')
  }, patience)
  return spentMs
}

async function fillWithKills(folder: string, videoId: string, cells: number): Promise<number> {
  const row = rowIn(folder, videoId)
  const published = async () => (await readdir(row)).filter((name) => /^\d+[.]m4s$/.test(name))
  const hashes = new Map<string, string>()
  const look = async () => {
    for (const name of await published()) {
      const hash = createHash('sha256')
        .update(await readFile(join(row, name)))
        .digest('hex')
      expect(hashes.get(name) ?? hash).toBe(hash)
      hashes.set(name, hash)
    }
  }
  let spentMs = 0
  for (let kill = 1; kill <= film.kills; kill++) {
    await using child = await startChild(script, [folder, videoId, '40'])
    const enough = Math.floor((cells * kill) / (film.kills + 1))
    await vi.waitFor(async () => expect((await published()).length).toBeGreaterThanOrEqual(enough), patience)
    child.stop()
    spentMs += cpuBelowMs(child.pid)
    const below = startedBy(child.pid)
    child.kill()
    // The system takes what it started with it.
    await vi.waitFor(() => expect(below.filter(isThere)).toEqual([]), patience)
    await look()
  }
  await using last = await startChild(script, [folder, videoId, '40'])
  spentMs += await lastOf(last)
  expect((await published()).length).toBe(cells)
  await look()
  return spentMs
}

/** What a player gets to see, and when. */
async function shownOf(folder: string, videoId: string, cells: number) {
  const row = rowIn(folder, videoId)
  const parts = ['init.mp4', ...Array.from({ length: cells }, (_, cell) => `${cell}.m4s`)].map((name) => join(row, name))
  const joined = await joinCells(join(folder, 'joined.mp4'), parts)
  const packets = (await ffmpeg(['-v', 'error', '-copyts', '-i', joined, '-map', '0:v', '-c', 'copy', '-f', 'framecrc', '-'])).toString()
  const numbers = packets.split('\n').flatMap((line) => (/^\d/.test(line) ? [line.split(',').slice(1, 4).map(Number)] : []))
  const column = (place: number) => numbers.map((one) => one[place] ?? 0).sort((a, b) => a - b)
  return { numbers: await readNumbers(joined), times: [0, 1, 2].map(column), init: await readFile(join(row, 'init.mp4')) }
}
