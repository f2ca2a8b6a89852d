import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm, readNumbers } from '#server/testing/films.ts'
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
  }, 300_000)

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
  }, 300_000)
})
