import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { ffmpeg, makeFilm, readNumbers } from '#server/testing/films.ts'
import { onePiece } from '#server/lib/one-piece.ts'
import { Problem } from '#server/lib/problem.ts'
import { openSeal } from '#server/media/tool/seal.ts'
import { makeRun } from './make-run.ts'
import { planFilm } from './plan-film.ts'
import { createSweeping } from './scratch.ts'

const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac']
/** No worker: the test does its work itself, a step at a time. */
const byHand = { without: ['worker'] } as const

describe('a film', () => {
  test('[G3] [ST3] a part of which can not be read plays on around it, in black, and its owner is not told that it failed', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const { blobs } = stage.matinee.features
    const path = await makeFilm({ path: join(stage.folder, 'a.mkv'), frames: 225, rate: '25', width: 320, height: 180, output })
    const key = await stage.arrive(path)
    const work = { ...key, attempt: 1, signal: stage.signal }
    await stage.transcoding.plan(work)
    const whole = await readFile(path)
    await blobs.write(`sources/${key.videoId}/1`, onePiece(whole.subarray(0, whole.length / 2)))
    for (const start of [0, 2])
      await stage.transcoding.serve({ ...key, rows: ['v180'], cells: { start, end: start + 2 }, signal: stage.signal })
    const cells = await Promise.all([0, 1, 2].map((cell) => stage.transcoding.findReady({ ...key, row: 'v180', cell })))
    expect(cells.map((cell) => cell?.isStandIn)).toEqual([false, true, false])

    const get = async (place: string) => await stage.visitor.call('GET', `/stream/${key.videoId}/1/v180/${place}`)
    const black = await get('1.m4s')
    expect([black.status, black.headers['cache-control']]).toEqual([200, 'private, no-store'])
    const pieces = await Promise.all(['init.mp4', '0.m4s', '1.m4s', '2.m4s'].map(async (place) => (await get(place)).bytes))
    await writeFile(join(stage.folder, 'joined.mp4'), Buffer.concat(pieces))
    const numbers = await readNumbers(join(stage.folder, 'joined.mp4'))
    expect(numbers.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    const frames = (await stage.transcoding.findFilm(key))?.plan.video?.frames
    expect([numbers.length, new Set(numbers.slice(100, 200))]).toEqual([frames, new Set([0])])
    expect(await stage.stateOf(key.videoId)).toBe('playable')
  }, 480_000)

  test('[G5] [T1] coded in a way that hardly anybody uses is refused with the reason; its decoder is not opened', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const exotic = join(stage.folder, 'magic.mkv')
    await ffmpeg(['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=64x64:d=0.2', '-c:v', 'magicyuv', exotic])
    const key = await stage.arrive(exotic)
    await stage.transcoding.plan({ ...key, attempt: 1, signal: stage.signal })
    const { json } = await stage.visitor.call('GET', `/api/videos/${key.videoId}`)
    expect(json).toMatchObject({ state: 'failed', failure: { code: 'media.codec', text: expect.stringContaining('H.264') } })
    const { json: chinese } = await stage.visitor.call('GET', `/api/videos/${key.videoId}`, undefined, { 'accept-language': 'zh-TW' })
    expect(chinese).toMatchObject({ failure: { code: 'media.codec', text: expect.stringMatching(/\p{Script=Han}.*H\.264/u) } })
  }, 300_000)

  test('[G5] whose file is gone fails at once, and says so', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const path = await makeFilm({ path: join(stage.folder, 'a.mp4'), frames: 25, rate: '25', output })
    const [early, late] = [await stage.arrive(path), await stage.arrive(path)]
    const { blobs } = stage.matinee.features
    await stage.transcoding.plan({ ...late, attempt: 1, signal: stage.signal })
    await blobs.delete([early, late].map(({ videoId }) => `sources/${videoId}/1`))
    await stage.transcoding.plan({ ...early, attempt: 1, signal: stage.signal })
    await stage.transcoding.fill({ ...late, run: 0, attempt: 1, signal: stage.signal })
    for (const { videoId } of [early, late])
      expect(await stage.videos.see(stage.owner, videoId)).toMatchObject({ state: 'failed', failure_code: 'media.source_missing' })
  }, 300_000)

  test('[G6] is left alone when it is thrown away while it is made, and nothing of it stays', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const path = await makeFilm({ path: join(stage.folder, 'a.mp4'), frames: 250, rate: '25', width: 640, height: 480, output })
    const key = await stage.arrive(path)
    const work = { ...key, attempt: 1, signal: stage.signal }
    await stage.transcoding.plan(work)
    const { blobs } = stage.matinee.features
    const write = blobs.write.bind(blobs)
    let isThrownAway = false
    blobs.write = async (name, ...given) => {
      // It has one cell by then, and the second is on its way.
      if (name.endsWith('/v480/1.m4s') && !isThrownAway) {
        isThrownAway = true
        expect(await blobs.find(`cells/${key.videoId}/1/v480/0.m4s`)).toBeDefined()
        await stage.visitor.call('DELETE', `/user/${stage.visitor.username}/videos/${key.videoId}`)
      }
      return await write(name, ...given)
    }
    await stage.transcoding.fill({ ...work, run: 2 })
    expect(isThrownAway).toBe(true)
    expect((await blobs.list(`cells/${key.videoId}/`)).items).toEqual([])
  }, 480_000)

  test('[G6] is not planned after all when it is thrown away while its plan is made', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const { blobs } = stage.matinee.features
    const key = await stage.arrive(await makeFilm({ path: join(stage.folder, 'a.mp4'), frames: 25, rate: '25', sound: 'none', output }))
    const write = blobs.write.bind(blobs)
    let isThrownAway = false
    blobs.write = async (...given) => {
      if (!isThrownAway) await stage.visitor.call('DELETE', `/user/${stage.visitor.username}/videos/${key.videoId}`)
      isThrownAway = true
      return await write(...given)
    }
    await stage.transcoding.plan({ ...key, attempt: 1, signal: stage.signal })
    expect(isThrownAway).toBe(true)
    expect(await stage.transcoding.findFilm(key)).toBeUndefined()
    expect((await blobs.list(`cells/${key.videoId}/`)).items).toEqual([])
  }, 300_000)

  test('[G1] [G2] a viewer goes before a background run that is under way: it goes on, and of each cell the first one stays', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const { blobs } = stage.matinee.features
    const film = { frames: 100, rate: '5', width: 320, height: 180, sound: 'none', output } as const
    const key = await stage.arrive(await makeFilm({ ...film, path: join(stage.folder, 'a.mp4') }))
    const work = { ...key, attempt: 1, signal: stage.signal }
    await stage.transcoding.plan(work)
    const write = blobs.write.bind(blobs)
    const written: string[] = []
    const isServed = Promise.withResolvers<void>()
    blobs.write = async (name, ...given) => {
      // The background run has its first cell, and can not hand it over before the viewer has the last one.
      if (name.endsWith('/0.m4s')) await isServed.promise
      written.push(name)
      return await write(name, ...given)
    }
    const filling = stage.transcoding.fill({ ...work, run: 1 })
    await stage.transcoding.serve({ ...key, rows: ['v180'], cells: { start: 3, end: 5 }, signal: stage.signal })
    const cell = `cells/${key.videoId}/1/v180/4.m4s`
    const early = await blobs.find(cell)
    expect(early).toBeDefined()
    isServed.resolve()
    await filling
    expect(await blobs.find(cell)).toEqual(early)
    expect(written.toSorted()).toEqual([...new Set(written)].toSorted())
    expect(await readNumbers(await stage.rowOf(key, 'v180', 5))).toEqual(Array.from({ length: 100 }, (_, i) => i))
  }, 480_000)

  test('[G4] waits when FFmpeg vanishes in mid-work: what was made stays, and nothing is held against it', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const { blobs } = stage.matinee.features
    const path = await makeFilm({
      path: join(stage.folder, 'a.mp4'),
      frames: 50,
      rate: '10',
      width: 320,
      height: 180,
      sound: 'none',
      output,
    })
    const key = await stage.arrive(path)
    await stage.transcoding.plan({ ...key, attempt: 1, signal: stage.signal })
    const film = await stage.transcoding.findFilm(key)
    if (!film) throw new Error('no film')
    const run = { rows: ['v180'], cells: { start: 0, end: 2 }, isIdle: false, atS: 0 }
    const source = { path, isWhole: true, reach: async () => {}, whole: async () => {}, [Symbol.asyncDispose]: async () => {} }
    const parts = { blobs, sources: { open: async () => source }, arrivals: { tell: async () => {} } }
    const task = { key, film, run, blob: `sources/${key.videoId}/1`, signal: stage.signal }
    // No program can be started in a room that is not there.
    const away = { ...parts, seal: { kind: 'sealed', root: '/nowhere' } } as const
    await expect(makeRun(away, task)).rejects.toMatchObject({ code: 'transcoding.no_ffmpeg' })
    const newcomer = { key, blob: task.blob, isLastTry: true, signal: stage.signal }
    await expect(planFilm(away, newcomer)).rejects.toMatchObject({ code: 'transcoding.no_ffmpeg' })
    await using seal = await openSeal()
    expect(await makeRun({ ...parts, seal }, task)).toEqual({ made: 2, quarantined: [] })
    expect(await readNumbers(await stage.rowOf(key, 'v180', 2))).toEqual(Array.from({ length: 50 }, (_, i) => i))
  }, 300_000)

  test('[G4] waits when the store is full in mid-work, and goes on by itself: every frame once, nothing held against it', async () => {
    await using stage = await openFilmStage('embedded', byHand)
    const { blobs } = stage.matinee.features
    const path = await makeFilm({
      path: join(stage.folder, 'a.mp4'),
      frames: 80,
      rate: '5',
      width: 320,
      height: 180,
      sound: 'none',
      output,
    })
    const key = await stage.arrive(path)
    const work = { ...key, attempt: 1, signal: stage.signal }
    await stage.transcoding.plan(work)
    const write = blobs.write.bind(blobs)
    let room = 2
    blobs.write = async (...given) => {
      if (room-- <= 0) throw new Problem('full', 'blobs.full')
      return await write(...given)
    }
    await expect(stage.transcoding.fill({ ...work, run: 0 })).rejects.toMatchObject({ kind: 'full' })
    const first = await Promise.all([0, 1].map(async (cell) => await blobs.find(`cells/${key.videoId}/1/v180/${cell}.m4s`)))
    room = Number.POSITIVE_INFINITY
    await stage.transcoding.fill({ ...work, run: 0 })
    expect(await Promise.all([0, 1].map(async (cell) => await blobs.find(`cells/${key.videoId}/1/v180/${cell}.m4s`)))).toEqual(first)
    expect(await readNumbers(await stage.rowOf(key, 'v180', 4))).toEqual(Array.from({ length: 80 }, (_, i) => i))
    expect((await stage.transcoding.findFilm(key))?.rows.flatMap(({ quarantined }) => Object.keys(quarantined))).toEqual([])
  }, 300_000)
})

test('[F11] rooms of processes that were killed are swept, also while this one lives on; those of the living stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'matinee-grid-'))
  const child = spawn('sleep', ['0'])
  await new Promise((resolve) => child.once('exit', resolve))
  const rooms = [`matinee-run-${process.pid}-b`, 'something-else']
  const makeRooms = async () => {
    for (const room of [`matinee-run-${child.pid}-a`, ...rooms]) await mkdir(join(folder, room, 'lead'), { recursive: true })
  }
  let nowMs = Date.now()
  const told: unknown[] = []
  const sweep = createSweeping({ clock: { now: () => nowMs }, log: { info: (_, fields) => void told.push(fields) }, folder })
  for (let turn = 0; turn < 2; turn++) {
    await makeRooms()
    await sweep()
    expect((await readdir(folder)).sort()).toEqual(rooms)
    nowMs += 600_000
  }
  expect(told).toEqual([{ rooms: 1 }, { rooms: 1 }])
  await rm(folder, { recursive: true })
})
