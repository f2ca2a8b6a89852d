import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm, readNumbers } from '#server/testing/films.ts'
import { times } from '#server/testing/grounds.ts'
import { callAs, codeOf, join as joinAs } from '#server/testing/visitors.ts'
import { onePiece } from '#server/lib/one-piece.ts'

const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac']
const byHand = { without: ['worker'] } as const
const patience = { timeout: 180_000, interval: 50 }

type Tasks = { items: { priority: number }[] }

describe('the grid', () => {
  test('[G8] lets people take turns: a second person’s first film goes before the first one’s second', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const path = await makeFilm({ path: join(stage.folder, 'a.mp4'), frames: 10, rate: '10', width: 320, height: 180, output })
    const other = await joinAs(stage.matinee, 'somebody')
    const films = [await stage.arrive(path), await stage.arrive(path), await stage.arrive(path, other.id)]
    for (const film of films) await stage.transcoding.plan({ ...film, attempt: 1, signal: stage.signal })
    const fills = async () =>
      ((await stage.visitor.call('GET', '/api/admin/tasks?kind=transcoding.fill&state=waiting')).json as Tasks).items
    await vi.waitFor(async () => expect((await fills()).length).toBe(3), patience)
    const priorities = (await fills()).map(({ priority }) => priority)
    expect(priorities.sort((a, b) => a - b)).toEqual([70, 100, 100])
  }, 120_000)

  test('makes a row again where bits have rotted, everything again on demand, and forgets what was before', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const { blobs } = stage.matinee.features
    const path = await makeFilm({ path: join(stage.folder, 'a.mp4'), frames: 50, rate: '10', width: 320, height: 180, output })
    const key = await stage.arrive(path)
    const work = { ...key, attempt: 1, signal: stage.signal }
    await stage.transcoding.plan(work)
    await stage.transcoding.fill({ ...work, run: 0 })
    const name = `cells/${key.videoId}/1/v180/0.m4s`
    const whole = await Array.fromAsync(blobs.read(name))
    await blobs.write(name, onePiece(Buffer.concat(whole).subarray(0, 100)))
    expect((await stage.visitor.call('POST', `/api/videos/${key.videoId}/again`, { row: 'v180' })).status).toBe(202)
    await stage.transcoding.besideWork.mend({ ...key, row: 'v180', signal: stage.signal })
    expect(await readNumbers(await stage.rowOf(key, 'v180', 2))).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(codeOf(await stage.visitor.call('POST', `/api/videos/${key.videoId}/again`, { row: 'v9' }))).toBe('http.wrong_fields')
    expect((await callAs(stage.matinee)('POST', `/api/videos/${key.videoId}/again`, {})).status).toBe(401)

    expect((await stage.visitor.call('POST', `/api/videos/${key.videoId}/again`, {})).status).toBe(202)
    expect(await stage.stateOf(key.videoId)).toBe('processing')
    await stage.transcoding.plan({ ...work, generation: 2 })
    expect(await stage.stateOf(key.videoId)).toBe('playable')
    await stage.transcoding.besideWork.sweep({ signal: stage.signal, graceMs: 0 })
    expect((await blobs.list(`cells/${key.videoId}/1/`)).items).toEqual([])
    expect((await blobs.list(`cells/${key.videoId}/2/`)).items.length).toBeGreaterThan(0)
    expect(await blobs.find(`sources/${key.videoId}/1`)).toBeDefined()
  }, 120_000)

  test('[F12] with many poisoned files among some good ones makes the good ones, and says of each other one why not', async () => {
    await using stage = await openFilmStage('embedded')
    const good = await makeFilm({
      path: join(stage.folder, 'a.mp4'),
      frames: 25,
      rate: '25',
      width: 320,
      height: 180,
      sound: 'none',
      output,
    })
    const bytes = await readFile(good)
    const poisons = [
      Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'),
      Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"),
      Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(500, 255)]),
      Buffer.alloc(0),
    ]
    const paths = await Promise.all(
      poisons.map(async (poison, i) => {
        const path = join(stage.folder, `poison-${i}.mp4`)
        await writeFile(path, poison)
        return path
      }),
    )
    const round = times(1, 10)
    const bad = []
    for (const path of Array.from({ length: round }, () => paths).flat()) bad.push(await stage.arrive(path))
    const fine = await stage.arrive(good)
    await vi.waitFor(async () => expect(await stage.stateOf(fine.videoId)).toBe('ready'), { timeout: 200_000, interval: 100 })
    for (const { videoId } of bad) {
      await vi.waitFor(async () => expect(await stage.stateOf(videoId)).toBe('failed'), { timeout: 200_000, interval: 100 })
      expect((await stage.videos.see(stage.owner, videoId)).failure_code).toMatch(/^media[.](unreadable|empty|no_media)$/)
    }
  }, 240_000)
})
