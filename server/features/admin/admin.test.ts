import { describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, fieldsOf, goodPassword, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'

type Listed = {
  items: { id: string; username: string; role: string; state: string; sessions: number; may: string[]; suspension: unknown }[]
  nextCursor: string | null
}

const people = async (admin: Visitor, query = '') => (await admin.call('GET', `/api/admin/people${query}`)).json as Listed
const give = (by: Visitor, to: Visitor, role: string) => by.call('PUT', `/api/admin/people/${to.id}/role`, { role })
const audit = async (admin: Visitor, query = '') =>
  (await admin.call('GET', `/api/admin/audit${query}`)).json as {
    items: { action: string; details: unknown; actor: { username: string } | null; subject: { name: string } | null }[]
    nextCursor: string | null
  }

async function openClub(matinee: TestMatinee) {
  const owner = await joinAsOwner(matinee)
  const [admin, moderator, member] = [await join(matinee, 'admin-a'), await join(matinee, 'moderator-m'), await join(matinee, 'member-b')]
  await give(owner, admin, 'admin')
  await give(owner, moderator, 'moderator')
  return { owner, admin, moderator, member }
}

describe.each(grounds.list)('admins, %s', (mode) => {
  test('see people by the page, by name, by role and by state, with what they may do about each', async () => {
    await using matinee = await startMatinee(mode)
    const { owner, admin } = await openClub(matinee)
    for (let i = 0; i < 7; i++) await join(matinee, i % 2 ? `林小美${i}` : `guest${i}`)
    const first = await people(owner, '?limit=6')
    const second = await people(owner, `?limit=6&cursor=${first.nextCursor}`)
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([6, 5, null])
    const names = [...first.items, ...second.items].map(({ username }) => username)
    expect(new Set(names).size).toBe(11)
    expect(names.at(-1)).toBe('owner')
    expect((await people(owner, `?q=${encodeURIComponent('林小')}`)).items.map(({ username }) => username).sort()).toEqual([
      '林小美1',
      '林小美3',
      '林小美5',
    ])
    expect((await people(owner, '?q=GUEST')).items).toHaveLength(4)
    expect((await people(owner, '?q=uest')).items).toHaveLength(0)
    expect((await people(owner, '?role=moderator')).items.map(({ username }) => username)).toEqual(['moderator-m'])
    expect((await people(owner, '?state=suspended')).items).toEqual([])
    const mayOf = async (viewer: Visitor) =>
      Object.fromEntries((await people(viewer, '?limit=100')).items.map(({ username, may }) => [username, may.join(' ')]))
    expect(await mayOf(owner)).toMatchObject({
      owner: 'close',
      'admin-a': 'manage close role:owner role:moderator role:member',
      'member-b': 'manage close role:owner role:admin role:moderator',
    })
    expect(await mayOf(admin)).toMatchObject({
      owner: '',
      'admin-a': 'close',
      'moderator-m': 'manage close role:member',
      'member-b': 'manage close role:moderator',
    })
  })

  test('give roles, which count from the next request on; the ownership has one holder', async () => {
    await using matinee = await startMatinee(mode)
    const { owner, admin, member } = await openClub(matinee)
    expect((await member.call('GET', '/api/admin/people')).status).toBe(403)
    expect((await give(admin, member, 'admin')).status).toBe(403)
    expect((await give(admin, admin, 'member')).status).toBe(403)
    expect((await give(admin, owner, 'member')).status).toBe(403)
    expect((await give(member, member, 'owner')).status).toBe(403)
    expect((await give(owner, member, 'admin')).status).toBe(204)
    expect((await member.call('GET', '/api/admin/people')).status).toBe(200)
    expect((await give(owner, member, 'emperor')).status).toBe(400)
    expect((await give(owner, admin, 'owner')).status).toBe(204)
    const roles = Object.fromEntries((await people(admin)).items.map(({ username, role }) => [username, role]))
    expect(roles).toMatchObject({ owner: 'admin', 'admin-a': 'owner', 'member-b': 'admin' })
    expect((await give(owner, admin, 'member')).status).toBe(403)
    expect((await give(admin, owner, 'member')).status).toBe(204)
    expect((await owner.call('GET', '/api/admin/people')).status).toBe(403)
  })

  test('[T19] suspend and log out: it is over at once, wherever the person is', async () => {
    await using matinee = await startMatinee(mode)
    const { owner, admin, moderator, member } = await openClub(matinee)
    const path = `/api/admin/people/${member.id}`
    expect((await moderator.call('PUT', `${path}/suspension`, { reason: 'x' })).status).toBe(403)
    expect((await admin.call('PUT', `${path}/suspension`, {})).status).toBe(400)
    expect((await admin.call('PUT', `/api/admin/people/${owner.id}/suspension`, { reason: 'x' })).status).toBe(403)
    expect((await admin.call('PUT', `/api/admin/people/${admin.id}/suspension`, { reason: 'x' })).status).toBe(403)
    expect((await admin.call('PUT', `${path}/suspension`, { reason: '广告' })).status).toBe(204)
    expect((await member.call('GET', '/api/me')).status).toBe(401)
    expect((await people(admin, '?state=suspended')).items).toMatchObject([
      { username: 'member-b', sessions: 0, suspension: { reason: '广告', until: null } },
    ])
    expect((await callAs(matinee)('GET', '/user/member-b')).status).toBe(404)
    expect((await admin.call('DELETE', `${path}/suspension`)).status).toBe(204)
    expect((await admin.call('DELETE', `${path}/suspension`)).status).toBe(409)
    const again = ((await callAs(matinee)('POST', '/user/member-b', { password: goodPassword })).json as { token: string }).token
    expect((await admin.call('DELETE', `${path}/sessions`)).status).toBe(204)
    expect((await callAs(matinee, again)('GET', '/api/me')).status).toBe(401)
  })

  test('change settings, for everybody at once, and back to the configuration', async () => {
    await using matinee = await startMatinee(mode, { set: { 'site.name': '光影', 'site.sourceUrl': 'https://example.org/lantern' } })
    const { owner, member } = await openClub(matinee)
    const change = (body: object) => owner.call('PATCH', '/api/admin/settings', body)
    expect((await owner.call('GET', '/api/admin/settings')).json).toMatchObject({
      values: { siteName: '光影', signUp: 'open' },
      changed: [],
    })
    expect((await change({ siteName: 'The Lantern', signUp: 'closed' })).json).toMatchObject({
      values: { siteName: 'The Lantern' },
      configured: { siteName: '光影' },
      changed: ['siteName', 'signUp'],
    })
    expect((await callAs(matinee)('GET', '/api/site')).json).toMatchObject({
      name: 'The Lantern',
      signUp: 'closed',
      sourceUrl: 'https://example.org/lantern',
    })
    expect((await callAs(matinee)('POST', '/user', { username: 'late', password: goodPassword })).status).toBe(403)
    expect((await change({ siteName: null })).json).toMatchObject({ values: { siteName: '光影' }, changed: ['signUp'] })
    for (const wrong of [{ signUp: 'sideways' }, { failuresPerAccount: 0 }, { siteName: '' }, { streams: 1.5 }, { unknown: 1 }])
      expect((await change(wrong)).status, JSON.stringify(wrong)).toBe(400)
    expect((await member.call('PATCH', '/api/admin/settings', { signUp: 'open' })).status).toBe(403)
    expect((await change({ requestsPerMinute: 30 })).status).toBe(200)
    const statuses = await Promise.all(Array.from({ length: 60 }, async () => (await member.call('GET', '/api/me')).status))
    expect(statuses).toContain(429)
  })

  test('make invitations, see how they are used, and withdraw them', async () => {
    await using matinee = await startMatinee(mode)
    const { owner, admin, member } = await openClub(matinee)
    const make = (body: object, by = owner) => by.call('POST', '/api/admin/invitations', body)
    expect((await make({}, member)).status).toBe(403)
    expect(fieldsOf(await make({ expiresAt: '2001-01-01T00:00:00.000Z' }))).toEqual(['expiresAt: admin.until_past'])
    const soon = (await make({ expiresAt: new Date(Date.now() + 3000).toISOString(), maxUses: null })).json as { id: string; code: string }
    const made = (await make({ note: 'club' }, admin)).json as { id: string; code: string; path: string }
    expect(made).toMatchObject({ uses: 0, maxUses: 1, state: 'open', path: `/register?invitation=${made.code}` })
    await callAs(matinee)('POST', '/user', { username: 'invited', password: goodPassword, invitation: made.code })
    const withdrawn = (await make({ maxUses: null })).json as { id: string; code: string }
    expect((await admin.call('DELETE', `/api/admin/invitations/${withdrawn.id}`)).status).toBe(204)
    expect((await admin.call('DELETE', `/api/admin/invitations/${withdrawn.id}`)).status).toBe(204)
    expect((await admin.call('DELETE', `/api/admin/invitations/${'0'.repeat(20)}`)).status).toBe(404)
    const states = async () =>
      (
        (await owner.call('GET', '/api/admin/invitations')).json as {
          items: { id: string; state: string; uses: number; createdBy: { username: string } | null }[]
        }
      ).items
    await expect.poll(async () => (await states()).map(({ state }) => state)).toEqual(['withdrawn', 'used', 'expired'])
    expect((await states())[1]).toMatchObject({ uses: 1, createdBy: { username: 'admin-a' } })
    for (const { code } of [soon, withdrawn])
      expect((await callAs(matinee)('POST', '/user', { username: `by-${code}`, password: goodPassword, invitation: code })).status).toBe(
        403,
      )
  })

  test('decide about who waits', async () => {
    await using matinee = await startMatinee(mode, { set: { 'accounts.signUp': 'approval' } })
    const owner = await joinAsOwner(matinee)
    for (const username of ['welcome', 'unwelcome']) await callAs(matinee)('POST', '/user', { username, password: goodPassword })
    const [unwelcome, welcome] = (await people(owner, '?state=waiting')).items
    expect((await owner.call('POST', `/api/admin/people/${welcome?.id}/approval`)).status).toBe(204)
    expect((await owner.call('POST', `/api/admin/people/${welcome?.id}/approval`)).status).toBe(409)
    expect((await owner.call('DELETE', `/api/admin/people/${unwelcome?.id}/approval`)).status).toBe(204)
    expect((await owner.call('DELETE', `/api/admin/people/${welcome?.id}/approval`)).status).toBe(409)
    expect((await callAs(matinee)('POST', '/user/welcome', { password: goodPassword })).status).toBe(200)
    expect((await callAs(matinee)('POST', '/user/unwelcome', { password: goodPassword })).status).toBe(401)
    expect((await people(owner)).items.map(({ username }) => username)).toEqual(['welcome', 'owner'])
  })

  test('leave a trace of every deed, with the names of that day, and none of what they could not do', async () => {
    await using matinee = await startMatinee(mode)
    const { owner, admin, member } = await openClub(matinee)
    const path = `/api/admin/people/${member.id}`
    await admin.call('PUT', `${path}/suspension`, { reason: 'spam' })
    await admin.call('DELETE', `${path}/suspension`)
    await admin.call('POST', `${path}/reset-link`)
    await admin.call('DELETE', `${path}/sessions`)
    await admin.call('PUT', `/api/admin/people/${owner.id}/suspension`, { reason: 'coup' })
    await admin.call('PATCH', '/api/admin/settings', { signUp: 'closed' })
    await owner.call('DELETE', '/user/admin-a')
    const { items } = await audit(owner)
    expect(items.map(({ action, actor, subject }) => [action, actor?.username, subject?.name])).toEqual([
      ['settings.change', 'admin-a', undefined],
      ['person.end_sessions', 'admin-a', 'member-b'],
      ['person.reset_link', 'admin-a', 'member-b'],
      ['person.unsuspend', 'admin-a', 'member-b'],
      ['person.suspend', 'admin-a', 'member-b'],
      ['person.role', 'owner', 'moderator-m'],
      ['person.role', 'owner', 'admin-a'],
    ])
    expect(items[0]?.details).toEqual({ signUp: { from: 'open', to: 'closed' } })
    expect((await audit(owner, '?action=person.suspend')).items).toHaveLength(1)
    expect((await audit(owner, `?subject=${member.id}`)).items).toHaveLength(4)
    const page = await audit(owner, '?limit=5')
    expect([page.items.length, (await audit(owner, `?limit=5&cursor=${page.nextCursor}`)).items.length]).toEqual([5, 2])
    expect(JSON.stringify(items)).not.toContain('reset-password')
    for (const method of ['DELETE', 'PUT', 'PATCH', 'POST'])
      expect([404, 405]).toContain((await owner.call(method, '/api/admin/audit', {})).status)
  })

  test('see figures, tasks and the calendar, and pause, resume and run', async () => {
    await using matinee = await startMatinee(mode)
    const { owner, member } = await openClub(matinee)
    expect((await owner.call('GET', '/api/admin/figures')).json).toMatchObject({
      people: { total: 4, waiting: 0, suspended: 0, joinedThisWeek: 4, seenToday: 4 },
      sessions: 4,
      invitationsOpen: 0,
      tasks: { parked: 0 },
    })
    const kinds = async () =>
      (
        (await owner.call('GET', '/api/admin/task-kinds')).json as {
          items: { kind: string; isPaused: boolean; counts: Record<string, number> }[]
        }
      ).items
    const kind = async () => (await kinds()).find((one) => one.kind === 'accounts.tidy_avatars')
    expect(await kind()).toMatchObject({ isPaused: false })
    const pause = '/api/admin/task-kinds/accounts.tidy_avatars/pause'
    expect((await owner.call('PUT', pause)).status).toBe(204)
    expect(await kind()).toMatchObject({ isPaused: true })
    expect((await owner.call('DELETE', pause)).status).toBe(204)
    expect((await owner.call('PUT', '/api/admin/task-kinds/no.such/pause')).status).toBe(404)
    await member.call('DELETE', '/api/me/avatar')
    type Tasks = { items: { id: string; kind: string; state: string }[] }
    const tasks = async () => ((await owner.call('GET', '/api/admin/tasks?kind=accounts.tidy_avatars')).json as Tasks).items
    await expect.poll(async () => (await tasks()).map(({ state }) => state)).toEqual(['delayed'])
    const [task] = await tasks()
    expect((await owner.call('PUT', `/api/admin/tasks/${task?.id}/priority`, { priority: 7 })).status).toBe(204)
    expect((await owner.call('POST', `/api/admin/tasks/${task?.id}/run`)).status).toBe(204)
    await expect.poll(async () => (await tasks()).map(({ state }) => state)).toEqual(['done'])
    expect((await owner.call('DELETE', `/api/admin/tasks/${task?.id}`)).status).toBe(409)
    expect((await owner.call('DELETE', '/api/admin/tasks/no-such-task')).status).toBe(404)
    type Chores = { items: { name: string; nextAt: string | null; last: { result: string } | null }[] }
    const chore = async () =>
      ((await owner.call('GET', '/api/admin/chores')).json as Chores).items.find(({ name }) => name === 'sessions.sweep')
    expect(Date.parse((await chore())?.nextAt ?? '')).toBeGreaterThan(Date.now())
    expect((await owner.call('POST', '/api/admin/chores/sessions.sweep/run')).status).toBe(204)
    await expect.poll(async () => (await chore())?.last?.result).toBe('done')
    expect(codeOf(await owner.call('POST', '/api/admin/chores/no.such/run'))).toBe('admin.no_chore')
    expect((await audit(owner)).items.slice(0, 5).map(({ action }) => action)).toEqual([
      'chore.run',
      'task.run_now',
      'task.priority',
      'tasks.resume',
      'tasks.pause',
    ])
    for (const path of ['figures', 'tasks', 'task-kinds', 'chores', 'audit', 'settings', 'invitations', 'people'])
      expect((await member.call('GET', `/api/admin/${path}`)).status, path).toBe(403)
  })
})
