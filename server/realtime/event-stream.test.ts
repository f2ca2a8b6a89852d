import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clubAreas, clubDoor, noted, said } from '#server/testing/club-messages.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { openLiveClient } from '#server/testing/live-client.ts'
import { openNginx } from '#server/testing/parts/nginx.ts'
import { openRealtimeHouse, type RealtimeHouse } from '#server/testing/realtime-house.ts'
import { openUpgradeEater } from '#server/testing/upgrade-eater.ts'

let house: RealtimeHouse
beforeAll(async () => {
  house = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas, processes: 2, limits: { beatMs: 400, deadMs: 20_000 } })
})
afterAll(() => house[Symbol.asyncDispose]())

type Frame = { t?: string; d?: Record<string, unknown>; n?: number; re?: string; id: string | undefined }

/** Server-sent events, read by hand. */
async function openStream(origin: string, name: string, headers: Record<string, string> = {}) {
  const end = new AbortController()
  const response = await fetch(`${origin}/api/events/stream`, {
    headers: { authorization: `Bearer ${name}`, ...headers },
    signal: end.signal,
  })
  const frames: Frame[] = []
  const reading = (async () => {
    let rest = ''
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + piece).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const id = /^id: (.+)$/m.exec(block)?.[1]
        const data = /^data: (.+)$/m.exec(block)?.[1]
        if (data) frames.push(...[JSON.parse(data) as object].flat().map((frame) => ({ ...frame, id })))
      }
    }
  })().catch(() => {})
  const next = async (kind: string): Promise<Frame> => {
    await expect.poll(() => frames.some(({ t }) => t === kind)).toBe(true)
    return frames.find(({ t }) => t === kind) as Frame
  }
  const post = (connection: unknown, messages: object[], as = name) =>
    fetch(`${origin}/api/events/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
      body: JSON.stringify({ connection, messages }),
    })
  const close = async () => {
    end.abort()
    await reading
  }
  return { response, frames, next, post, reading, [Symbol.asyncDispose]: close }
}

describe('server-sent events', () => {
  test('carry the same messages, and answer what is posted', async () => {
    await using ann = await openStream(house.first.origin, 'ann')
    expect(ann.response.headers.get('content-type')).toContain('text/event-stream')
    expect([ann.response.headers.get('x-accel-buffering'), ann.response.headers.get('cache-control')]).toEqual([
      'no',
      'no-store, no-transform',
    ])
    const { connection } = (await ann.next('socket.welcome')).d as { connection: string }
    const posted = await ann.post(connection, [
      { t: 'socket.subscribe', d: { topic: 'club:sse' }, id: 'in' },
      { t: 'club.ask', d: { text: 'hello' }, id: 'a' },
    ])
    expect(posted.status).toBe(202)
    await expect.poll(() => ann.frames.find(({ re }) => re === 'a')?.d).toEqual({ text: 'hello' })
    await house.first.live.publish('club:sse', said, { text: 'to all', by: 'x' })
    expect((await ann.next('club.said')).d).toEqual({ text: 'to all', by: 'x' })
  })

  test('go on after Last-Event-ID, on any process', async () => {
    await using before = await openStream(house.first.origin, 'bob')
    await before.next('socket.welcome')
    for (let what = 1; what <= 3; what++) await house.tell(['bob'], noted, { what })
    await expect.poll(() => before.frames.filter(({ t }) => t === 'club.noted').map(({ n }) => n)).toEqual([1, 2, 3])
    const last = before.frames.findLast(({ t }) => t === 'club.noted')?.id
    await before[Symbol.asyncDispose]()
    await house.tell(['bob'], noted, { what: 4 })
    await using after = await openStream(house.processes[1]?.origin ?? '', 'bob', { 'last-event-id': last ?? '' })
    await expect.poll(() => after.frames.filter(({ t }) => t === 'club.noted').map(({ n }) => n)).toEqual([4])
  })

  test('what is posted to another process finds its line', async () => {
    await using cat = await openStream(house.first.origin, 'cat')
    const { connection } = (await cat.next('socket.welcome')).d as { connection: string }
    const answer = await fetch(`${house.processes[1]?.origin}/api/events/send`, {
      method: 'POST',
      headers: { authorization: 'Bearer cat', 'content-type': 'application/json' },
      body: JSON.stringify({ connection, messages: [{ t: 'club.ask', d: { text: 'from afar' }, id: 'far' }] }),
    })
    expect(answer.status).toBe(202)
    await expect.poll(() => cat.frames.find(({ re }) => re === 'far')?.d).toEqual({ text: 'from afar' })
  })

  test('nobody speaks for the line of another', async () => {
    await using dan = await openStream(house.first.origin, 'dan')
    const { connection } = (await dan.next('socket.welcome')).d as { connection: string }
    expect((await dan.post(connection, [{ t: 'club.ask', d: { text: 'x' }, id: 'evil' }], 'eve')).status).toBe(404)
    expect((await dan.post(connection, [{ t: 'club.ask', d: { text: 'x' }, id: 'evil' }], 'dan.2')).status).toBe(404)
    expect((await dan.post(`${'0'.repeat(20)}.zz`, [{ t: 'club.ask', d: {} }])).status).toBe(202)
    // What comes before the point names a process, and so a channel of the bus.
    for (const odd of ['node.zz', `${'*'.repeat(20)}.1`, `${'0'.repeat(20)}\r\n.1`, ''])
      expect((await dan.post(odd, [{ t: 'club.ask', d: {} }])).status, odd).toBe(400)
    await sleep(50)
    expect(dan.frames.some(({ re }) => re === 'evil')).toBe(false)
  })

  test('end with a goodbye that says when to come back', async () => {
    const own = await openRealtimeHouse({ doors: [clubDoor()], areas: clubAreas })
    await using ann = await openStream(own.first.origin, 'ann')
    await ann.next('socket.welcome')
    await own.first.realtime.drain(2_000)
    expect((await ann.next('socket.goodbye')).d).toMatchObject({ code: 1012, retryMs: expect.any(Number) })
    await ann.reading
    await own[Symbol.asyncDispose]()
  })

  test('are for those who are signed in', async () => {
    expect((await fetch(`${house.first.origin}/api/events/stream`)).status).toBe(401)
  })
})

const through = async (origin: string) => {
  using client = openLiveClient(() => origin, 'gus')
  await expect.poll(() => client.socket.way).toBe('events')
  const before = (await house.events.log.heads(['gus'])).get('gus') ?? 0
  for (let what = 1; what <= 20; what++) await house.tell(['gus'], noted, { what })
  await expect.poll(() => client.shown).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  expect(await client.socket.ask('socket.ping', { sent: 5 })).toMatchObject({ sent: 5 })
  const { entered, leave } = client.socket.enter('club:proxy')
  await entered
  leave()
  expect((await house.events.log.heads(['gus'])).get('gus')).toBe(before + 20)
}

test('the page finds its way through a proxy that eats upgrades', async () => {
  await using eater = await openUpgradeEater({ port: house.first.port })
  await through(eater.origin)
})

describeWith('nginx')('behind an Nginx that nobody told of WebSockets', () => {
  test('the page finds its way', async () => {
    await using nginx = await openNginx(
      ({ port }) => `server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${house.first.port}; } }`,
    )
    await through(nginx.url)
  })
})

test('where WebSockets pass, the page takes one', async () => {
  using client = openLiveClient(() => house.first.origin, 'hal')
  await expect.poll(() => client.socket.way).toBe('websocket')
})
