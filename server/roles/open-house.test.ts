import { describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'

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
