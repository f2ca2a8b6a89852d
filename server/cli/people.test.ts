import { soon } from '#server/testing/grounds.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'
import { callAs, goodPassword, join, joinAsOwner } from '#server/testing/visitors.ts'
import { seed } from './seed.ts'
import { user } from './user.ts'
import { UsageError, type Verb } from './verb.ts'

async function say(verb: Verb, folder: string, ...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const terminal = {
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
    signal: new AbortController().signal,
    environment: {},
    isInteractive: false,
  }
  const status = await verb.run([...words, '--data', folder], terminal)
  return { status, ...said }
}

async function openFolder() {
  const path = await mkdtemp(joinPath(tmpdir(), 'matinee-cli-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

describe('matinee user', () => {
  test('adds a person, whose link chooses a password once, and gives a role', async () => {
    await using folder = await openFolder()
    const added = await say(user, folder.path, 'add', '林小美', '--role', 'owner')
    expect(added).toMatchObject({ status: 0, err: '' })
    const token = /reset-password#([\w-]+)/.exec(added.out)?.[1]
    expect((await say(user, folder.path, 'list', '--role', 'owner')).out).toMatch(/^林小美\t林小美\towner\tactive/)
    const left = await say(user, folder.path, 'role', '林小美', 'member')
    expect(left).toMatchObject({ status: 1, out: '', err: expect.stringContaining('needs an owner') })
    await using matinee = await startMatinee('embedded', { folder: folder.path })
    const stranger = callAs(matinee)
    const choose = () => stranger('POST', '/api/password-reset', { token, newPassword: goodPassword })
    expect([(await choose()).status, (await choose()).status]).toEqual([200, 400])
    expect(
      (await stranger('POST', '/user/林小美'.split('/').map(encodeURIComponent).join('/'), { password: goodPassword })).json,
    ).toMatchObject({ user: { role: 'owner' } })
    expect((await matinee.inject({ path: '/api/site' })).json).toMatchObject({ isNew: false })
  })

  test('works beside a running Matinee: who is suspended or logged out here is out there within a second', async () => {
    await using matinee = await startMatinee('embedded')
    const owner = await joinAsOwner(matinee)
    const person = await join(matinee, 'alice')
    expect((await person.call('GET', '/api/sessions')).status).toBe(200)
    const { status } = await say(user, matinee.folder, 'suspend', 'alice', '--reason', 'test', '--until', '2999-01-31')
    expect(status).toBe(0)
    const endedMs = performance.now()
    await expect.poll(async () => (await person.call('GET', '/api/sessions')).status, { interval: 20 }).toBe(401)
    expect(performance.now() - endedMs).toBeLessThan(soon(3000))
    expect((await owner.call('GET', '/api/sessions')).status).toBe(200)
    expect((await say(user, matinee.folder, 'unsuspend', 'ALICE')).status).toBe(0)
    expect((await callAs(matinee)('POST', '/user/alice', { password: goodPassword })).status).toBe(200)
    const log = (await owner.call('GET', '/api/admin/audit')).json as { items: { action: string; actor: unknown }[] }
    expect(log.items.map(({ action, actor }) => [action, actor])).toEqual([
      ['person.unsuspend', null],
      ['person.suspend', null],
    ])
  })

  test('says what is wrong in a sentence', async () => {
    await using folder = await openFolder()
    expect(await say(user, folder.path, 'role', 'nobody', 'admin')).toMatchObject({ status: 1, err: 'There is nobody of this name.\n' })
    expect(await say(user, folder.path, 'add', 'x')).toMatchObject({ status: 1, err: 'username: A name has 2 to 32 characters.\n' })
    for (const words of [
      ['frobnicate'],
      ['reset'],
      ['role', 'alice'],
      ['role', 'alice', 'emperor'],
      ['suspend', 'alice'],
      ['end-sessions', 'alice', 'bob'],
      ['list', 'a', 'b'],
      ['suspend', 'a', '--reason', 'x', '--until', 'soon'],
    ]) {
      await expect(say(user, folder.path, ...words), words.join(' ')).rejects.toThrow(UsageError)
    }
  })
})

test('matinee seed fills an empty house with people who can log in, once', async () => {
  await using folder = await openFolder()
  const seeded = await say(seed, folder.path)
  expect(seeded).toMatchObject({ status: 0, err: '' })
  const password = /password\n\n {2}(.+)\n/.exec(seeded.out)?.[1]
  expect(password?.split(' ')).toHaveLength(4)
  // Nobody who runs this has a path to FFmpeg.
  expect(seeded.out).toContain('no films: FFmpeg is missing')
  const again = await say(seed, folder.path)
  expect(again).toMatchObject({ status: 0, err: '' })
  expect(again.out).toContain('the one that was printed the first time')
  await using matinee = await startMatinee('embedded', { folder: folder.path })
  const stranger = callAs(matinee)
  const { token } = (await stranger('POST', `/user/${encodeURIComponent('林小美')}`, { password })).json as { token: string }
  const owner = callAs(matinee, token)
  const { items } = (await owner('GET', '/api/admin/people?limit=100')).json as {
    items: { state: string; role: string; avatar: { small: string } | null }[]
  }
  expect(items).toHaveLength(25)
  expect(
    items
      .filter(({ state }) => state !== 'active')
      .map(({ state }) => state)
      .sort(),
  ).toEqual(['suspended', 'waiting', 'waiting'])
  const pictures = items.flatMap(({ avatar }) => (avatar ? [avatar.small] : []))
  expect(pictures.length).toBeGreaterThan(15)
  for (const picture of pictures) expect((await stranger('GET', picture)).headers['content-type']).toBe('image/webp')
  expect(((await owner('GET', '/api/admin/invitations')).json as { items: { state: string }[] }).items.map(({ state }) => state)).toEqual([
    'withdrawn',
    'open',
    'open',
  ])
  expect(((await owner('GET', '/api/admin/audit')).json as { items: unknown[] }).items).toHaveLength(5)
}, 360_000)
