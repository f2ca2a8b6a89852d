import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { makeFilm, readNumbers } from '#server/testing/films.ts'
import { grounds } from '#server/testing/grounds.ts'
import { openFilmStage } from '#server/testing/film-stage.ts'

const patience = { timeout: 200_000, interval: 100 }

describe.each(grounds.list)('a film that has arrived, %s', (ground) => {
  test('[G1] is planned, can be played, and every row shows every frame once, in order', async () => {
    await using stage = await openFilmStage(ground)
    const path = await makeFilm({
      path: join(stage.folder, 'film.mp4'),
      frames: 250,
      rate: '25',
      width: 864,
      height: 480,
      output: ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60', '-c:a', 'aac'],
    })
    const { videoId, generation } = await stage.arrive(path)
    const key = { videoId, generation }
    await vi.waitFor(async () => expect(await stage.stateOf(videoId)).toMatch(/playable|ready/), patience)
    // What every browser plays is playable before it is planned.
    await vi.waitFor(async () => expect(await stage.transcoding.findFilm(key)).toBeDefined(), patience)
    const film = await stage.transcoding.findFilm(key)
    expect(film?.rows.map(({ name, cells }) => [name, cells]).sort()).toEqual([
      ['a0', 2],
      ['v360', 3],
      ['v480', 3],
    ])
    // The last cells of the better row: asked for before anybody has made them, they are there all the same.
    const waiting = [2, 1].map((cell) =>
      stage.transcoding.awaitCell({ ...key, row: 'v480', cell, patienceMs: 200_000, signal: stage.signal }),
    )
    expect(await Promise.all(waiting)).toMatchObject(
      [2, 1].map((cell) => ({ name: `cells/${videoId}/${generation}/v480/${cell}.m4s`, isStandIn: false })),
    )
    await vi.waitFor(async () => {
      const row = await stage.videos.see(stage.owner, videoId)
      expect({ state: row.state, done: row.cells_done, planned: row.cells_planned }).toEqual({ state: 'ready', done: 8, planned: 8 })
    }, patience)
    const numbers = Array.from({ length: 250 }, (_, i) => i)
    for (const row of ['v360', 'v480']) expect(await readNumbers(await stage.rowOf(key, row, 3))).toEqual(numbers)
  }, 480_000)

  test('that is none fails with its reason, and another one beside it becomes a film', async () => {
    await using stage = await openFilmStage(ground)
    const poison = join(stage.folder, 'poison.mp4')
    await writeFile(poison, '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n')
    const path = await makeFilm({
      path: join(stage.folder, 'good.mp4'),
      frames: 30,
      rate: '30',
      sound: 'none',
      output: ['-c:v', 'libx264', '-preset', 'ultrafast'],
    })
    const [bad, good] = [await stage.arrive(poison), await stage.arrive(path)]
    await vi.waitFor(async () => expect(await stage.stateOf(bad.videoId)).toBe('failed'), patience)
    await vi.waitFor(async () => expect(await stage.stateOf(good.videoId)).toBe('ready'), patience)
    expect((await stage.videos.see(stage.owner, bad.videoId)).failure_code).toBe('media.unreadable')
    expect(await stage.transcoding.findFilm(bad)).toBeUndefined()
  }, 480_000)
})
