import { describe, expect, test } from 'vitest'
import { describeWith, grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'

describe.each(grounds.list)('a house on %s ground', (ground) => {
  test('opens on nothing, answers, and closes', async () => {
    await using matinee = await startMatinee(ground)
    expect((await matinee.inject({ path: '/api/nothing' })).status).toBe(404)
    const ready = await fetch(`${await matinee.url()}/ready`)
    expect(await ready.json()).toMatchObject({ isReady: true })
  })

  test('takes in its first person, who is then known', async () => {
    await using matinee = await startMatinee(ground)
    const born = await matinee.inject({ method: 'POST', path: '/user', body: { username: '阿影', password: 'a long walk home' } })
    expect(born.status).toBe(201)
    const { token } = born.json as { token: string }
    const me = await matinee.inject({ path: '/api/me', headers: { authorization: `Bearer ${token}` } })
    expect(me.json).toMatchObject({ user: { username: '阿影', role: 'owner' } })
  })
})

test('what one house wrote the next one on the same folder finds', async () => {
  await using first = await startMatinee('embedded')
  await first.inject({ method: 'POST', path: '/user', body: { username: 'ada', password: 'a long walk home' } })
  await using second = await startMatinee('embedded', { folder: first.folder })
  const again = await second.inject({ method: 'POST', path: '/user/ada', body: { password: 'a long walk home' } })
  expect(again.status).toBe(200)
})

describeWith(
  'mariadb',
  'redis',
  's3',
)('with the roles apart', () => {
  test('the documents of each tell of the whole, and messages are described where nobody is connected', async () => {
    await using whole = await startMatinee('distributed')
    const openApi = async (matinee: TestMatinee) =>
      Object.keys((((await matinee.inject({ path: '/api/openapi.json' })).json ?? {}) as { paths: object }).paths)
    const messages = async (matinee: TestMatinee) => (await matinee.inject({ path: '/api/messages.json' })).json
    const all = await openApi(whole)
    expect(all).toEqual(expect.arrayContaining(['/api/me', '/api/stream/{vid}', '/api/tus', '/api/events/stream', '/api/messages.json']))
    await using api = await startMatinee('distributed', { without: ['upload', 'stream', 'realtime', 'worker', 'scheduler'] })
    await using stream = await startMatinee('distributed', { without: ['api', 'upload', 'realtime', 'worker', 'scheduler'] })
    expect(await openApi(api)).toEqual(all)
    expect(await openApi(stream)).toEqual(all)
    expect(await messages(api)).toEqual(await messages(whole))
    expect((await api.inject({ path: '/stream/none' })).status).toBe(404)
    expect((await stream.inject({ path: '/api/me' })).status).toBe(404)
  }, 300_000)
})
