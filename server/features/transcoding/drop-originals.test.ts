import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm } from '#server/testing/films.ts'
import { codeOf } from '#server/testing/visitors.ts'

const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac']

test('[G13] an original goes, where it is so configured, when everything has been made of it and not before; the film plays on', async () => {
  const set = { 'transcoding.policy': 'eager', 'transcoding.keepOriginals': 'false' }
  await using stage = await openFilmStage('embedded', { without: ['worker'], set })
  const { blobs } = stage.matinee.features
  const { transcoding, signal } = stage
  const path = await makeFilm({ path: join(stage.folder, 'a.mp4'), frames: 40, rate: '10', width: 320, height: 180, output })
  const key = await stage.arrive(path)
  const work = { ...key, attempt: 1, signal }
  const original = async () => (await blobs.find(`sources/${key.videoId}/1`)) !== undefined
  const { besideWork } = transcoding
  await transcoding.plan(work)
  for (let run = 0; run < 2; run++) await transcoding.fill({ ...work, run })
  await besideWork.sweep({ signal })
  for (let run = 2; run < 8; run++) await transcoding.fill({ ...work, run })
  expect(await stage.stateOf(key.videoId)).toBe('ready')
  await besideWork.sweep({ signal })
  expect(await original()).toBe(true)
  await besideWork.dress({ ...key, signal })
  await besideWork.sweep({ signal })
  expect(await original()).toBe(false)

  const get = (place: string) => stage.visitor.call('GET', `/stream/${key.videoId}${place}`)
  const statuses = await Promise.all(
    ['/master.m3u8', '/1/v180/0.m4s', '/1/a0/0.m4s', '', '/original.m3u8'].map(async (place) => (await get(place)).status),
  )
  expect(statuses).toEqual([200, 200, 200, 404, 404])
  const again = await stage.visitor.call('POST', `/api/videos/${key.videoId}/again`, {})
  expect([again.status, codeOf(again)]).toEqual([409, 'media.no_source'])
  expect(codeOf(await stage.visitor.call('PUT', `/api/videos/${key.videoId}/poster`, { atMs: 1000 }))).toBe('media.no_source')
}, 300_000)
