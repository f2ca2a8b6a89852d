import { describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, goodPassword, join } from '#server/testing/visitors.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const safari = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/604.1'

const logIn = (matinee: TestMatinee, agent: string) =>
  matinee.inject({ method: 'POST', path: '/api/user/alice', headers: { 'user-agent': agent }, body: { password: goodPassword } })

type Notices = { items: { kind: string; text: string; isRead: boolean }[] }

describe.each(grounds.list)('devices, %s', (ground) => {
  test('who comes in from a device that is new is told so wherever else they are, once; the first device is no news', async () => {
    await using matinee = await startMatinee(ground)
    const { call } = await join(matinee, 'alice')
    const told = async () =>
      ((await call('GET', '/api/notices')).json as Notices).items.filter(({ kind }) => kind === 'new_device').map(({ text }) => text)
    expect((await logIn(matinee, firefox)).status).toBe(200)
    await expect.poll(told, { timeout: 60_000 }).toEqual(['Firefox, Linux'])
    expect((await logIn(matinee, safari)).status).toBe(200)
    await expect.poll(told, { timeout: 60_000 }).toEqual(['Safari, iOS', 'Firefox, Linux'])
    // Known by now, also after it has logged out.
    const { token } = (await logIn(matinee, firefox)).json as { token: string }
    expect((await callAs(matinee, token)('DELETE', '/api/session')).status).toBe(204)
    expect((await logIn(matinee, firefox)).status).toBe(200)
    // Whatever else had been owed would have come before this one.
    expect((await logIn(matinee, 'curl/8.5.0')).status).toBe(200)
    await expect.poll(told, { timeout: 60_000 }).toEqual(['curl', 'Safari, iOS', 'Firefox, Linux'])
  }, 300_000)
})
