import { describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { hostileTexts } from '#server/testing/hostile-texts.ts'
import { startMatinee } from '#server/testing/matinee.ts'
import { callAs, codeOf, fieldsOf, goodPassword, join, joinAsOwner } from '#server/testing/visitors.ts'

describe.each(grounds.list)('a person, %s', (mode) => {
  test('changes what is shown of them: cleaned, in any script, only what is given', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    const change = async (body: object) => (await person.call('PATCH', '/api/me', body)).json
    expect(await change({ displayName: '  林\u200B小美\u202E \n 🎬 ', bio: 'one\r\n\r\n\r\n\r\ntwo\u0000' })).toMatchObject({
      displayName: '林小美 🎬',
      bio: 'one\n\ntwo',
    })
    expect(await change({ language: 'zh-TW', timeZone: 'Asia/Taipei' })).toMatchObject({
      displayName: '林小美 🎬',
      language: 'zh-TW',
      timeZone: 'Asia/Taipei',
    })
    expect(await change({ displayName: '\u200B' })).toMatchObject({ displayName: 'alice' })
    expect(await change({ language: null, timeZone: null })).toMatchObject({ language: null, timeZone: null })
    expect(await change({})).toMatchObject({ displayName: 'alice', bio: 'one\n\ntwo' })
  })

  test('is spoken to in the language they chose, from the next request on, also where they are logged in already', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    const detail = async () =>
      ((await person.call('GET', '/user/nobody-here', undefined, { 'accept-language': 'en' })).json as { detail: string }).detail
    expect(await detail()).toBe('There is nobody of this name.')
    await person.call('PATCH', '/api/me', { language: 'zh-TW' })
    expect(await detail()).toBe('沒有這個使用者。')
  })

  test('[T19] gives themselves nothing: fields that are not theirs to set are refused by name', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    for (const field of [
      'role',
      'state',
      'id',
      'username',
      'email',
      'unconfirmedEmail',
      'hasSecondFactor',
      'createdAt',
      'avatar',
      'sessions',
      '__proto__x',
      'mustSetUpSecondFactor',
    ]) {
      const answer = await person.call('PATCH', '/api/me', { [field]: 'owner', displayName: 'X' })
      expect([answer.status, fieldsOf(answer)], field).toEqual([400, [`${field}: field.unknown`]])
    }
    expect((await person.call('GET', '/api/me')).json).toMatchObject({ user: { role: 'member', displayName: 'alice' } })
  })

  test('is told every wrong field', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    const wrong = await person.call('PATCH', '/api/me', { displayName: 'x'.repeat(61), bio: 7, language: 'de', audience: 'all' })
    expect([
      wrong.status,
      fieldsOf(wrong)
        .map((field) => field.split(':')[0])
        .sort(),
    ]).toEqual([400, ['audience', 'bio', 'displayName', 'language']])
    expect(fieldsOf(await person.call('PATCH', '/api/me', { timeZone: '+08:00' }))).toEqual(['timeZone: profile.time_zone'])
  })
})

describe.each(grounds.list)('a new name, %s', (mode) => {
  test('keeps old links, and nobody else takes the old one', async () => {
    await using matinee = await startMatinee(mode)
    const [person, other] = [await join(matinee, 'alice'), await join(matinee, 'bob')]
    const renamed = await person.call('PUT', '/api/me/username', { username: '林小美' })
    expect([renamed.status, (renamed.json as { username: string }).username]).toEqual([200, '林小美'])
    const stranger = callAs(matinee)
    expect((await stranger('GET', '/user/alice')).json).toMatchObject({ id: person.id, username: '林小美' })
    expect((await stranger('POST', '/user/alice', { password: goodPassword })).status).toBe(200)
    expect((await stranger('POST', '/user', { username: 'Alice', password: goodPassword })).status).toBe(409)
    expect(codeOf(await other.call('PUT', '/api/me/username', { username: 'ALICE' }))).toBe('user.name_taken')
    expect(codeOf(await other.call('PUT', '/api/me/username', { username: '林小美' }))).toBe('user.name_taken')
    expect((await person.call('PUT', '/api/me/username', { username: 'alice' })).status).toBe(200)
    expect((await stranger('GET', `/user/${encodeURIComponent('林小美')}`)).json).toMatchObject({ username: 'alice' })
  })

  test('may be the same in other letters', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    expect((await person.call('PUT', '/api/me/username', { username: 'Alice' })).json).toMatchObject({ username: 'Alice' })
    expect((await person.call('GET', '/api/me')).json).toMatchObject({ user: { username: 'Alice' } })
  })

  test('cannot be had every day: five old ones are kept for each person', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'name0')
    for (let i = 1; i <= 5; i++) expect((await person.call('PUT', '/api/me/username', { username: `name${i}` })).status).toBe(200)
    const answer = await person.call('PUT', '/api/me/username', { username: 'name6' })
    expect([answer.status, codeOf(answer)]).toEqual([429, 'user.renamed_too_often'])
  })

  test('wanted by ten at once is had by one', async () => {
    await using matinee = await startMatinee(mode)
    const people = await Promise.all(Array.from({ length: 10 }, (_, i) => join(matinee, `racer${i}`)))
    const answers = await Promise.all(people.map(({ call }) => call('PUT', '/api/me/username', { username: 'lantern' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)])
    const names = await Promise.all(
      people.map(async ({ call }) => ((await call('GET', '/api/me')).json as { user: { username: string } }).user.username),
    )
    expect(names.filter((name) => name === 'lantern')).toHaveLength(1)
    expect(names.filter((name) => name.startsWith('racer'))).toHaveLength(9)
  })
})

describe.each(grounds.list)('[T30] hostile words, %s', (mode) => {
  test('in every place that takes words are words', async () => {
    await using matinee = await startMatinee(mode, {
      set: { 'limits.requestsPerMinute': '1000000', 'accounts.failuresPerAddress': '1000000' },
    })
    const owner = await joinAsOwner(matinee)
    const person = await join(matinee, 'alice')
    const count = async () => ((await owner.call('GET', '/api/admin/people?limit=100')).json as { items: unknown[] }).items.length
    const before = await count()
    for (const text of hostileTexts) {
      const written = encodeURIComponent(text)
      const bio = text.includes('\u0000') ? text.replaceAll('\u0000', '') : text
      const changed = await person.call('PATCH', '/api/me', { bio: text, displayName: text.slice(0, 60) })
      expect(changed.status, text).toBe(200)
      expect((changed.json as { bio: string }).bio.replaceAll(/\s/g, '')).toBe(bio.normalize('NFC').replaceAll(/\s/g, ''))
      expect([400, 404], text).toContain((await person.call('GET', `/user/${written}`)).status)
      expect((await owner.call('GET', `/api/admin/people?q=${written.slice(0, 64)}`)).json, text).toEqual(
        text.includes('%') && written.length > 64 ? expect.anything() : expect.objectContaining({ nextCursor: null }),
      )
      expect([400, 200], text).toContain((await owner.call('GET', `/api/admin/people?cursor=${written}`)).status)
      expect([400, 200], text).toContain((await owner.call('GET', `/api/admin/audit?subject=${written}`)).status)
    }
    expect(await count()).toBe(before)
  })
})
