import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { type Front, nginxConfig } from '#server/compose/nginx.ts'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm } from '#server/testing/films.ts'
import { describeWith, grounds } from '#server/testing/grounds.ts'
import { openS3 } from '#server/testing/parts/s3.ts'
import { openNginx } from '#server/testing/parts/nginx.ts'
import { callAs, codeOf, join as joinAs } from '#server/testing/visitors.ts'

type Signed = { master: string; original: string; file: string; expiresAt: string }
type Seat = { id: string; videoId: string; device: string }

const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac']

/** A film that plays, without a worker: its original by packaging alone. */
async function filmOn(stage: Awaited<ReturnType<typeof openFilmStage>>) {
  const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 50, rate: '25', width: 320, height: 180, output })
  const key = await stage.arrive(path)
  await stage.videos.grew({ ...key, state: 'playable', facts: { durationMs: 2000 } })
  return key
}

describe.each(grounds.list)('a film, %s', (ground) => {
  test('[T6] is seen by a signed address where no session goes: this film alone, and as long as the session lives', async () => {
    await using stage = await openFilmStage(ground, { without: ['worker'] })
    const [one, two] = [await filmOn(stage), await filmOn(stage)]
    const stranger = callAs(stage.matinee)
    const sign = async ({ videoId }: { videoId: string }) =>
      (await stage.visitor.call('POST', `/api/stream/${videoId}/sign`)).json as Signed
    const [first, second] = [await sign(one), await sign(two)]
    const list = await stranger('GET', first.original)
    expect([list.status, list.text.includes('1/o0.m3u8')]).toEqual([200, true])
    const base = first.original.replace('original.m3u8', '')
    for (const place of ['1/o0.m3u8', '1/o0/init.mp4', '1/o0/0.m4s']) expect((await stranger('GET', `${base}${place}`)).status).toBe(200)
    expect((await stranger('GET', first.file, undefined, { range: 'bytes=0-3' })).status).toBe(206)
    // Of another film, altered, or over.
    const [pass = ''] = /(?<=signed[/])[^/]+/.exec(second.master) ?? []
    expect(codeOf(await stranger('GET', `/signed/${pass}/stream/${one.videoId}/original.m3u8`))).toBe('stream.pass_invalid')
    const later = first.original.replace(/signed[/]\d+/, `signed/${Date.now() + 10 * 3_600_000}`)
    expect((await stranger('GET', later)).status).toBe(403)
    expect((await stranger('POST', `/api/stream/${one.videoId}/sign`)).status).toBe(404)
    await stage.visitor.call('DELETE', '/session')
    expect((await stranger('GET', first.original)).status).toBe(403)
  }, 300_000)

  test('is watched on so many devices and no more: the others are named, and can be ended from here', async () => {
    await using stage = await openFilmStage(ground, { without: ['worker'], set: { 'limits.streamsPerPerson': '1' } })
    const [one, two] = [await filmOn(stage), await filmOn(stage)]
    const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
    const play = (vid: string) => stage.visitor.call('GET', `/stream/${vid}/original.m3u8`, undefined, agent)
    expect((await play(one.videoId)).status).toBe(200)
    const refused = await play(two.videoId)
    expect([refused.status, codeOf(refused), refused.text.includes('Firefox')]).toEqual([429, 'stream.too_many_of_one', true])
    const { items } = (await stage.visitor.call('GET', '/api/me/streams')).json as { items: Seat[] }
    expect(items.map(({ videoId, device }) => [videoId, device])).toEqual([[one.videoId, 'Firefox, Linux']])
    const other = await joinAs(stage.matinee, 'somebody')
    expect((await other.call('DELETE', `/api/me/streams/${items[0]?.id}`)).status).toBe(404)
    expect((await stage.visitor.call('DELETE', `/api/me/streams/${items[0]?.id}`)).status).toBe(204)
    expect((await play(two.videoId)).status).toBe(200)
    expect(codeOf(await play(one.videoId))).toBe('stream.ended_elsewhere')

    for (const startMs of [300, 500])
      await stage.visitor.call('POST', `/api/stream/${two.videoId}/report`, {
        startMs,
        watchedMs: 2000,
        stalls: 1,
        stalledMs: 50,
        kbps: 800,
        errors: 0,
      })
    const { json } = await stage.visitor.call('GET', '/api/admin/streams')
    expect(json).toMatchObject({ seats: { held: 1 }, days: [{ plays: 2, meanStartMs: 400, stalls: 2, watchedMs: 4000, meanKbps: 800 }] })
    expect((await other.call('GET', '/api/admin/streams')).status).toBe(403)
  }, 300_000)
})

/** A cell that is there, and an original: by the hand of the front, for those who may. */
async function leavesByFront(stage: Awaited<ReturnType<typeof openFilmStage>>, bytes: Front['bytes']) {
  const key = await filmOn(stage)
  const { videoId } = key
  await stage.transcoding.plan({ ...key, attempt: 1, signal: stage.signal })
  await stage.transcoding.serve({ ...key, rows: ['v180'], cells: { start: 0, end: 1 }, signal: stage.signal })
  const house = new URL(await stage.matinee.url())
  await using front = await openNginx(({ port }) => nginxConfig({ api: [house.host], realtime: [house.host], name: '_', port, bytes }))
  const headers = { authorization: `Bearer ${stage.visitor.token}` }
  const get = (place: string, more = {}) => fetch(`${front.url}${place}`, { headers: { ...headers, ...more } })
  const kept = async (name: string) => await buffer(stage.matinee.features.blobs.read(name))
  for (const [place, name, type] of [
    [`/stream/${videoId}`, `sources/${videoId}/1`, 'video/mp4'],
    [`/stream/${videoId}/1/v180/0.m4s`, `cells/${videoId}/1/v180/0.m4s`, 'video/mp4'],
    [`/stream/${videoId}/1/v180/init.mp4`, `cells/${videoId}/1/v180/init.mp4`, 'video/mp4'],
  ] as const) {
    const whole = await get(place)
    const film = Buffer.from(await whole.arrayBuffer())
    expect([place, whole.status, whole.headers.get('content-type'), whole.headers.get('x-accel-redirect')]).toEqual([
      place,
      200,
      type,
      null,
    ])
    expect(film.equals(await kept(name))).toBe(true)
    expect((await fetch(`${front.url}${place}`)).status).toBe(404)
  }
  const part = await get(`/stream/${videoId}`, { range: 'bytes=10-19' })
  expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, (await kept(`sources/${videoId}/1`)).subarray(10, 20)])
  for (const place of ['blobs', 's3']) expect((await get(`/internal/${place}/sources/${videoId}/1`)).status).toBe(404)
  // It was there a moment ago: whoever still believes so is told to come again, never that there is none.
  const cell = `/stream/${videoId}/1/v180/0.m4s`
  await (await get(cell)).arrayBuffer()
  await stage.matinee.features.blobs.delete([`cells/${videoId}/1/v180/0.m4s`])
  const again = await get(cell)
  expect([again.status, again.headers.has('retry-after')]).toEqual([503, true])
}

const front = { 'http.internalRedirects': 'true' }

describeWith('nginx', 's3')('behind Nginx, before S3', () => {
  test('the bytes of cells and originals come from S3 by a signed address that nobody sees', async () => {
    await using s3 = await openS3()
    const keys = ['endpoint', 'region', 'bucket', 'accessKey', 'secretKey'] as const
    const set = { ...front, 'blobs.kind': 's3', ...Object.fromEntries(keys.map((key) => [`blobs.s3.${key}`, s3[key]])) }
    await using stage = await openFilmStage('embedded', { without: ['worker'], set })
    await leavesByFront(stage, { kind: 's3', endpoint: s3.endpoint })
  }, 300_000)
})

describeWith('nginx')('behind Nginx', () => {
  test('the bytes of cells and originals leave by its own hand, and nobody else may ask for them', async () => {
    await using stage = await openFilmStage('embedded', { without: ['worker'], set: front })
    await leavesByFront(stage, { kind: 'disk', path: join(stage.matinee.folder, 'blobs') })
  }, 300_000)
})
