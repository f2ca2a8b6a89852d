import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm } from '#server/testing/films.ts'
import { grounds } from '#server/testing/grounds.ts'
import { createShiftedClock } from '#server/testing/shifted-clock.ts'

const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac']

describe.each(grounds.list)('%s: a film that another FFmpeg began', (ground) => {
  test('[G14] is not gone on with: of its row there are cells of one alone; when nobody comes who has that one, it is made anew', async () => {
    const clock = createShiftedClock()
    let version = '5.1.9-old'
    await using stage = await openFilmStage(ground, { without: ['worker'], clock, ffmpegVersion: () => Promise.resolve(version) })
    const { transcoding, videos, owner, signal } = stage
    const { blobs } = stage.matinee.features
    const film = { frames: 40, rate: '5', width: 320, height: 180, sound: 'none', output } as const
    const key = await stage.arrive(await makeFilm({ ...film, path: join(stage.folder, 'a.mp4') }))
    const cellsOf = async (generation: number) =>
      (await blobs.list(`cells/${key.videoId}/${generation}/v180/`)).items.map(({ name }) => name.split('/').at(-1)).sort()
    const serve = (cell: number, generation = key.generation) =>
      transcoding.serve({ videoId: key.videoId, generation, rows: ['v180'], cells: { start: cell, end: cell + 1 }, signal })
    await transcoding.plan({ ...key, attempt: 1, signal })
    await serve(0)
    expect(await cellsOf(1)).toEqual(['0.m4s', 'init.mp4'])

    version = '7.1-new'
    await serve(1)
    expect(await cellsOf(1)).toEqual(['0.m4s', 'init.mp4'])
    if (ground === 'distributed') await othersMayCome()
    expect((await videos.see(owner, key.videoId)).generation).toBe(2)
    await transcoding.plan({ videoId: key.videoId, generation: 2, attempt: 1, signal })
    await serve(0, 2)
    expect(await cellsOf(2)).toEqual(['0.m4s', 'init.mp4'])

    /** Among the workers there may be one that has it: it is waited for, from the last time on that one came. */
    async function othersMayCome() {
      clock.shift(100_000)
      version = '5.1.9-old'
      await serve(1)
      expect(await cellsOf(1)).toEqual(['0.m4s', '1.m4s', 'init.mp4'])
      version = '7.1-new'
      const fill = () => transcoding.fill({ ...key, run: 0, attempt: 1, signal })
      await blobs.delete([`cells/${key.videoId}/1/v180/1.m4s`])
      await expect(fill()).rejects.toMatchObject({ code: 'transcoding.other_ffmpeg' })
      clock.shift(100_000)
      await expect(fill()).rejects.toMatchObject({ code: 'transcoding.other_ffmpeg' })
      expect((await videos.see(owner, key.videoId)).generation).toBe(1)
      clock.shift(60_000)
      await expect(fill()).rejects.toMatchObject({ code: 'transcoding.other_ffmpeg' })
    }
  }, 300_000)
})
