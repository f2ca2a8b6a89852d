import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DistributedGround, openDistributedGround, settingsForHouse } from '#server/testing/distributed-ground.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, cookieOf, goodPassword, join, joinAsOwner } from '#server/testing/visitors.ts'

const markOf = (cookies: string[] | undefined) => cookies?.find((cookie) => cookie.startsWith('matinee-wrote='))

describeWith(
  'mariadb',
  'redis',
  's3',
)('what one wrote is read at once in another process, while a replica is held back', () => {
  let ground: DistributedGround
  beforeAll(async () => {
    ground = await openDistributedGround()
  })
  afterAll(() => ground[Symbol.asyncDispose]())

  /** Two that share rows and blobs, and hear nothing of each other: no bus helps. The replica counts as fine however late it is. */
  async function openTwo() {
    await using opened = new AsyncDisposableStack()
    const settings = await settingsForHouse(ground)
    const set = { ...settings, 'database.maxLag': '600s' }
    const writer = opened.use(await startMatinee('distributed', { set }))
    const deaf = { 'redis.prefix': `${settings['redis.prefix']}-deaf`, 'secrets.file': joinPath(writer.folder, 'secrets.json') }
    const reader = opened.use(await startMatinee('distributed', { set: { ...set, ...deaf } }))
    const closing = opened.move()
    return { writer, reader, [Symbol.asyncDispose]: () => closing.disposeAsync() }
  }

  async function shownBy(matinee: TestMatinee, headers: Record<string, string>): Promise<string> {
    const { json } = await matinee.inject({ path: '/user/alice', headers })
    return (json as { displayName: string }).displayName
  }

  test.each(['cookie', 'header'] as const)('by a %s that lives a minute', async (how) => {
    await using two = await openTwo()
    const { writer, reader } = two
    const alice = await join(writer, 'alice')
    const logIn = await writer.inject({ method: 'POST', path: '/user/alice', body: { password: goodPassword } })
    const session = how === 'cookie' ? { cookie: cookieOf(logIn), origin: 'http://localhost' } : { authorization: `Bearer ${alice.token}` }
    const [replica] = ground.mariadb.replicas
    await replica?.catchUp()
    expect(await shownBy(reader, session)).toBe('alice')
    await replica?.stopReplica()
    try {
      const changed = await writer.inject({ method: 'PATCH', path: '/api/me', headers: session, body: { displayName: 'Alice B' } })
      expect(changed.status).toBe(200)
      const cookie = markOf(changed.headers['set-cookie'])
      expect(cookie).toMatch(/^matinee-wrote=\d{13}; Path=\/; SameSite=Lax; Max-Age=60; HttpOnly$/)
      const value = String(changed.headers['matinee-wrote'])
      const marked =
        how === 'cookie' ? { ...session, cookie: `${session.cookie}; ${cookie?.split(';')[0]}` } : { ...session, 'matinee-wrote': value }
      expect(await shownBy(reader, session), 'without it the replica answers').toBe('alice')
      expect(await shownBy(reader, marked)).toBe('Alice B')
      expect(await shownBy(reader, { ...session, 'matinee-wrote': String(Number(value) - 3_600_000) }), 'long ago').toBe('alice')
      const read = await reader.inject({ path: '/api/me', headers: marked })
      expect([read.status, read.headers['matinee-wrote'], markOf(read.headers['set-cookie'])], 'a reading marks nothing').toEqual([
        200,
        undefined,
        undefined,
      ])
    } finally {
      await replica?.startReplica()
    }
  })

  test('who has just come in is somebody at once', async () => {
    const set = { ...(await settingsForHouse(ground)), 'database.maxLag': '600s' }
    await using matinee = await startMatinee('distributed', { set })
    await joinAsOwner(matinee)
    const [replica] = ground.mariadb.replicas
    await replica?.catchUp()
    await replica?.stopReplica()
    try {
      const bob = await join(matinee, 'bob')
      expect((await bob.call('GET', '/user/bob')).status).toBe(200)
      expect((await bob.call('POST', '/api/user/bob/videos', { title: 'A film' })).status).toBe(201)
      expect((await callAs(matinee)('GET', '/user/bob')).status, 'to others the replica answers').toBe(404)
    } finally {
      await replica?.startReplica()
    }
  })
})
