import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { ffmpeg, joinCells, makeFilm, readNumbers } from '#server/testing/films.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { openS3 } from '#server/testing/parts/s3.ts'
import type { Blobs } from '#server/ports/blobs.ts'

/** Large by filling, cheap to make; its index at the end. */
const filled = ['-b:v', '6M', '-minrate', '6M', '-maxrate', '6M', '-bufsize', '1M', '-x264-params', 'nal-hrd=cbr:bframes=3']
const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '24', ...filled, '-c:a', 'aac']

/** Counts what is read of the originals from here on. */
function countReads(blobs: Blobs): () => number {
  const read = blobs.read.bind(blobs)
  let bytes = 0
  blobs.read = async function* (name, options) {
    for await (const chunk of read(name, options)) {
      if (name.startsWith('sources/')) bytes += chunk.length
      yield chunk
    }
  }
  return () => bytes
}

describeWith('s3')('a worker far from the films', () => {
  test('[G10] reads of an original on S3 what its run needs and little more', async () => {
    await using s3 = await openS3()
    const keys = ['endpoint', 'region', 'bucket', 'accessKey', 'secretKey'] as const
    const set = { 'blobs.kind': 's3', ...Object.fromEntries(keys.map((key) => [`blobs.s3.${key}`, s3[key]])) }
    await using stage = await openFilmStage('embedded', { without: ['worker'], set })
    const { blobs } = stage.matinee.features
    const mp4 = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 900, rate: '12', width: 320, height: 180, output })
    const mkv = join(stage.folder, 'film.mkv')
    await ffmpeg(['-v', 'error', '-i', mp4, '-map', '0', '-c', 'copy', mkv])
    const read = countReads(blobs)
    for (const path of [mp4, mkv]) {
      const key = await stage.arrive(path)
      const { size = 0 } = (await blobs.find(`sources/${key.videoId}/1`)) ?? {}
      const before = read()
      await stage.transcoding.plan({ ...key, attempt: 1, signal: stage.signal })
      await stage.transcoding.serve({ ...key, rows: ['v180'], cells: { start: 10, end: 12 }, signal: stage.signal })
      await stage.transcoding.serve({ ...key, rows: ['a0'], cells: { start: 5, end: 6 }, signal: stage.signal })
      expect(read() - before).toBeLessThan(size / 2)
      expect((await stage.transcoding.findReady({ ...key, row: 'a0', cell: 5 }))?.isStandIn).toBe(false)

      const names = ['init.mp4', '10.m4s', '11.m4s']
      for (const name of names) await writeFile(join(stage.folder, name), await buffer(blobs.read(`cells/${key.videoId}/1/v180/${name}`)))
      const whole = await joinCells(
        join(stage.folder, 'joined.mp4'),
        names.map((name) => join(stage.folder, name)),
      )
      expect(await readNumbers(whole)).toEqual(Array.from({ length: 96 }, (_, i) => 480 + i))
    }
  }, 480_000)
})
