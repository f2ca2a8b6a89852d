import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { createHeldClock } from '#server/testing/held-clock.ts'
import { openFilmStage } from '#server/testing/film-stage.ts'
import { makeFilm, readNumbers } from '#server/testing/films.ts'
import { grounds } from '#server/testing/grounds.ts'
import { callAs, codeOf, cookieOf } from '#server/testing/visitors.ts'
import { Seats } from './seats.ts'
import { createSharedSeats } from './shared-seats.ts'

const place = '+47.3769+008.5417/'
const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac', '-metadata', `comment=${place}`]
const places = ['', '/master.m3u8', '/original.m3u8', '/1/v360.m3u8', '/1/v360/init.mp4', '/1/v360/0.m4s', '/1/o0.m3u8', '/1/o0/0.m4s']
const numbers = Array.from({ length: 125 }, (_, i) => i)

type Stage = Awaited<ReturnType<typeof openFilmStage>>

async function behindPassword({ matinee, visitor }: Stage, videoId: string) {
  const stranger = callAs(matinee)
  const closed = { visibility: 'password', password: 'open sesame' }
  await visitor.call('PATCH', `/user/${visitor.username}/videos/${videoId}`, closed)
  const cookie = cookieOf(await stranger('POST', `/api/videos/${videoId}/unlock`, { password: closed.password }))
  for (const place of places) {
    const statuses = [
      await stranger('GET', `/stream/${videoId}${place}`),
      await stranger('GET', `/stream/${videoId}${place}`, undefined, { cookie }),
    ]
    expect(statuses.map(({ status }) => status)).toEqual([404, 200])
  }
}

describe.each(grounds.list)('a film is streamed, %s', (ground) => {
  test('[G9] [ST1] [ST2] [T33] as it is by ranges, and as HLS from the first frame to the last; for others it is not there', async () => {
    await using stage = await openFilmStage(ground)
    const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 125, rate: '25', output })
    const { videoId } = await stage.arrive(path)
    const whole = await readFile(path)
    const url = await stage.matinee.url()
    const get = (place: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(`${url}/stream/${videoId}${place}`, { method, headers: { authorization: `Bearer ${stage.visitor.token}`, ...headers } })
    const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

    const first = await get('')
    const tag = first.headers.get('etag') ?? ''
    expect([first.status, first.headers.get('content-type'), whole.equals(await bytes(first))]).toEqual([200, 'video/mp4', true])
    const part = await get('', { range: 'bytes=10-19', 'if-range': tag })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${whole.length}`])
    expect(await bytes(part)).toEqual(whole.subarray(10, 20))
    const parts = await get('', { range: 'bytes=0-1,-2' })
    expect([parts.status, Number(parts.headers.get('content-length'))]).toEqual([206, (await bytes(parts)).length])
    expect((await get('', { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200)
    const beyond = await get('', { range: `bytes=${whole.length}-` })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`])
    const head = await get('', { range: 'bytes=0-1' }, 'HEAD')
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(whole.length)])

    await vi.waitFor(async () => expect((await get('/master.m3u8')).status).toBe(200), { timeout: 200_000, interval: 100 })
    const master = await (await get('/master.m3u8')).text()
    expect(master).toMatch(/CODECS="avc1[.][0-9a-f]{6},mp4a[.]40[.]2",RESOLUTION=640x360/)
    const list = await (await get('/1/v360.m3u8')).text()
    const names = [/URI="([^"]+)"/.exec(list)?.[1] ?? '', ...list.split('\n').filter((line) => line.endsWith('.m4s'))]
    expect(names).toEqual(['v360/init.mp4', 'v360/0.m4s', 'v360/1.m4s'])
    // On a crowded machine a cell may take longer than anybody is kept waiting: then it is asked for again.
    const insist = async (place: string) =>
      await vi.waitFor(
        async () => {
          const answer = await get(place)
          expect(answer.status).toBe(200)
          return await bytes(answer)
        },
        { timeout: 200_000, interval: 500 },
      )
    const pieces = await Promise.all(names.map((name) => insist(`/1/${name}`)))
    await writeFile(join(stage.folder, 'joined.mp4'), Buffer.concat(pieces))
    expect(await readNumbers(join(stage.folder, 'joined.mp4'))).toEqual(numbers)
    expect((await get('/1/v360/2.m4s')).status).toBe(404)

    // As it is, cut without encoding: listed first, for its cuts are those of the other rows.
    expect(master.split('\n').filter((line) => line.endsWith('.m3u8'))).toEqual(['1/o0.m3u8', '1/v360.m3u8'])
    expect(await (await get('/original.m3u8')).text()).toMatch(/AUDIO[^]*URI="1[/]s0[.]m3u8"[^]*\n1[/]o0[.]m3u8\n$/)
    const cut = await (await get('/1/o0.m3u8')).text()
    const cuts = ['o0/init.mp4', ...cut.split('\n').filter((line) => line.endsWith('.m4s'))]
    const original = await Promise.all(cuts.map((name) => insist(`/1/${name}`)))
    await writeFile(join(stage.folder, 'original.mp4'), Buffer.concat(original))
    expect(await readNumbers(join(stage.folder, 'original.mp4'))).toEqual(numbers)

    const stranger = callAs(stage.matinee)
    for (const place of places) expect((await stranger('GET', `/stream/${videoId}${place}`)).status).toBe(404)

    // [T33] What the camera wrote is for its owner; for others there is emptiness of the same length.
    await stage.visitor.call('PATCH', `/user/${stage.visitor.username}/videos/${videoId}`, { visibility: 'public' })
    const [own, others] = [await bytes(await get('')), (await stranger('GET', `/stream/${videoId}`)).bytes]
    expect([own.includes(place), Buffer.from(others).includes(place), others.length]).toEqual([true, false, own.length])
    const middle = await stranger('GET', `/stream/${videoId}`, undefined, { range: 'bytes=100-' })
    expect(Buffer.from(middle.bytes).equals(Buffer.from(others).subarray(100))).toBe(true)

    await behindPassword(stage, videoId)
  }, 480_000)

  test('to so many at once and no more: the next is told at once when to come again', async () => {
    await using stage = await openFilmStage(ground, { set: { 'limits.streams': '1' } })
    const path = await makeFilm({ path: join(stage.folder, 'film.mp4'), frames: 25, rate: '25', output })
    const [one, two] = [await stage.arrive(path), await stage.arrive(path)]
    for (const film of [one, two])
      await vi.waitFor(async () => expect(await stage.transcoding.findFilm(film)).toBeDefined(), { timeout: 200_000, interval: 100 })
    expect((await stage.visitor.call('GET', `/stream/${one.videoId}/master.m3u8`)).status).toBe(200)
    const refused = await stage.visitor.call('GET', `/stream/${two.videoId}/master.m3u8`)
    expect([refused.status, codeOf(refused)]).toEqual([429, 'stream.too_many'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await stage.visitor.call('GET', `/stream/${one.videoId}/1/v360.m3u8`)).status).toBe(200)
  }, 480_000)
})

test('[ST4] a seat is a viewer: held by a response until it ends, by a playback for half a minute after its last request', () => {
  const seats = new Seats(() => ({ streams: 3, streamsPerPerson: 2 }))
  const take = (viewer: string, person: string | undefined, nowMs: number, isOpen = false) =>
    seats.take(viewer, { person, nowMs, isOpen, videoId: 'v', device: `device of ${viewer}` })
  const many = 'too many of one person'
  expect([take('a', 'x', 0), take('a', 'x', 1), take('b', 'x', 2, true), take('c', 'x', 3)]).toEqual(['taken', 'taken', 'taken', many])
  expect([take('d', undefined, 4), take('e', undefined, 5)]).toEqual(['taken', 'full'])
  expect(take('c', 'x', 30_000)).toBe(many)
  expect(take('c', 'x', 30_001)).toBe('taken')
  seats.leave('b')
  expect(take('f', 'x', 30_002)).toBe('taken')
  // One of them is ended from the other: it may not come back by itself, and its place is free.
  const [first] = seats.list('x', 30_003)
  expect([first?.device, seats.end('somebody', first?.id ?? '', 30_003), seats.end('x', first?.id ?? '', 30_003)]).toEqual([
    'device of c',
    undefined,
    'c',
  ])
  expect([take('c', 'x', 30_004), take('g', 'x', 30_005), take('c', 'x', 90_004)]).toEqual(['ended', 'taken', 'taken'])
})

test('[ST4] so many streams of one person, through however many servers; the others are named at each, and ended from each', async () => {
  const clock = createHeldClock()
  const log = createCapturedLog()
  const bus = createMemoryBus({ log })
  const limits = () => ({ streams: 2, streamsPerPerson: 2 })
  const [one, two] = [createSharedSeats({ limits, bus, clock, log }), createSharedSeats({ limits, bus, clock, log })]
  const at = (person: string | undefined, device: string, end?: () => void) => ({
    ...{ person, videoId: 'v', device, isOpen: end !== undefined },
    ...(end ? { end } : {}),
  })
  const ended: string[] = []
  expect(one.take('tv', at('x', 'Television'))).toBe('taken')
  expect(
    two.take(
      'file',
      at('x', 'Telephone', () => ended.push('file')),
    ),
  ).toBe('taken')
  // The same playback by the other server is no other seat, and strangers have theirs at each server.
  expect([two.take('tv', at('x', 'Television')), one.take('third', at('x', 'Desk'))]).toEqual(['taken', 'too many of one person'])
  expect(one.list('x').map(({ device }) => device)).toEqual(two.list('x').map(({ device }) => device))
  expect([one.take('s1', at(undefined, 's')), one.take('s2', at(undefined, 's')), two.take('s3', at(undefined, 's'))]).toEqual([
    'taken',
    'full',
    'full',
  ])
  // A response that lasts is known as long as it does, though it makes no requests.
  for (let beat = 0; beat < 8; beat++) await clock.advance(10_000)
  expect(one.list('x').map(({ device }) => device)).toEqual(['Telephone'])
  expect(one.end('x', one.list('x')[0]?.id ?? '')).toBe(true)
  expect([ended, two.list('x'), two.take('file', at('x', 'Telephone'))]).toEqual([['file'], [], 'ended'])
  await Promise.all([one.close(), two.close(), bus.close()])
})
