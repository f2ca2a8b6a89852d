import { describe, expect, test } from 'vitest'
import { grounds } from '#server/testing/grounds.ts'
import { hostileTexts } from '#server/testing/hostile-texts.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { decodeLetter, openSmtp } from '#server/testing/smtp.ts'
import { callAs, codeOf, fieldsOf, goodPassword, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'

const newPassword = 'nine herons on the wire'
type Smtp = Awaited<ReturnType<typeof openSmtp>>

const startWithMail = (smtp: Smtp, mode: 'embedded' | 'distributed' = 'embedded') =>
  startMatinee(mode, {
    set: { 'mail.url': `smtp://127.0.0.1:${smtp.port}`, 'mail.from': 'cinema@example.org', 'site.url': 'https://cinema.example' },
  })

const letterAt = async (smtp: Smtp, place: number) => {
  await expect.poll(() => smtp.letters.length).toBeGreaterThan(place)
  const letter = smtp.letters[place]
  const text = decodeLetter(letter?.data ?? '')
  return { to: letter?.to ?? [], text, data: letter?.data ?? '', token: /#([\w-]{43})\b/.exec(text)?.[1] ?? '' }
}

/** An address that counts. */
async function confirmEmail(person: Visitor, smtp: Smtp, email: string): Promise<void> {
  const place = smtp.letters.length
  expect((await person.call('PUT', '/api/me/email', { email, password: goodPassword })).status).toBe(204)
  const { token } = await letterAt(smtp, place)
  expect((await person.call('POST', '/api/email-confirmation', { token })).status).toBe(204)
}

const reset = (matinee: TestMatinee, token: string, password = newPassword) =>
  callAs(matinee)('POST', '/api/password-reset', { token, newPassword: password })
const statusOfLogIn = async (matinee: TestMatinee, password: string) => (await callAs(matinee)('POST', '/user/alice', { password })).status

describe.each(grounds.list)('a forgotten password, %s', (mode) => {
  test('is mended by a letter, whose link works once and ends every session', async () => {
    await using smtp = await openSmtp()
    await using matinee = await startWithMail(smtp, mode)
    const person = await join(matinee, 'alice')
    await person.call('PATCH', '/api/me', { language: 'zh-TW' })
    await confirmEmail(person, smtp, 'alice@Example.com')
    expect((await person.call('GET', '/api/me')).json).toMatchObject({ user: { email: 'alice@example.com', unconfirmedEmail: null } })
    for (const who of ['alice', 'ALICE@example.COM'.replace('ALICE', 'alice')]) {
      const place = smtp.letters.length
      expect((await callAs(matinee)('POST', '/api/password-reset-request', { who })).status).toBe(202)
      const letter = await letterAt(smtp, place)
      expect(letter.to).toEqual(['RCPT TO:<alice@example.com>'])
      expect(letter.text).toContain('alice，你好')
      expect(letter.text).toContain(`https://cinema.example/reset-password#${letter.token}`)
    }
    const { token } = await letterAt(smtp, smtp.letters.length - 1)
    const earlier = await letterAt(smtp, smtp.letters.length - 2)
    expect(codeOf(await reset(matinee, earlier.token))).toBe('link.invalid')
    expect(fieldsOf(await reset(matinee, token, 'password1'))).toEqual(['newPassword: password.common'])
    const answers = await Promise.all(Array.from({ length: 10 }, () => reset(matinee, token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(400)])
    expect((await person.call('GET', '/api/me')).status).toBe(401)
    expect([await statusOfLogIn(matinee, goodPassword), await statusOfLogIn(matinee, newPassword)]).toEqual([401, 200])
  })

  test('is mended by an admin, with a link that is shown once', async () => {
    await using matinee = await startMatinee(mode)
    const owner = await joinAsOwner(matinee)
    const person = await join(matinee, 'alice')
    const made = await owner.call('POST', `/api/admin/people/${person.id}/reset-link`)
    expect(made.status).toBe(201)
    const { path, url } = made.json as { path: string; url: string }
    expect(url).toBe(`http://localhost${path}`)
    const token = path.split('#')[1] ?? ''
    expect((await reset(matinee, token)).json).toEqual({ username: 'alice' })
    expect((await reset(matinee, token)).status).toBe(400)
    expect(await statusOfLogIn(matinee, newPassword)).toBe(200)
    expect((await person.call('POST', `/api/admin/people/${owner.id}/reset-link`)).status).toBe(401)
  })
})

describe('letters', () => {
  test('[T16] asked for a person or for nobody, the answer is the same, and only the person gets one', async () => {
    await using smtp = await openSmtp()
    await using matinee = await startWithMail(smtp)
    await confirmEmail(await join(matinee, 'alice'), smtp, 'alice@example.com')
    await join(matinee, 'no-letters')
    const told = new Set<string>()
    for (const who of ['alice', 'nobody', 'no-letters', 'nobody@example.com', 'not an address']) {
      const { status, text, headers } = await callAs(matinee, undefined, `203.0.113.${told.size + who.length}`)(
        'POST',
        '/api/password-reset-request',
        { who },
      )
      told.add(JSON.stringify([status, text, Object.keys(headers).sort()]))
    }
    expect(told.size).toBe(1)
    await letterAt(smtp, 1)
    expect(smtp.letters).toHaveLength(2)
  })

  test('[T32] say what we wrote, in plain text, to one address, whatever a person is called or asks for', async () => {
    await using smtp = await openSmtp()
    await using matinee = await startWithMail(smtp)
    const person = await join(matinee, 'alice')
    const addresses = [
      'a@example.com,b@example.com',
      'a@example.com\r\nBcc: b@example.com',
      '<a@example.com>',
      '"a b"@example.com',
      'a@b@example.com',
      'a@',
      '@example.com',
      'a@-example.com',
      'a',
      'a@exam ple.com',
      `${'a'.repeat(65)}@example.com`,
      ...hostileTexts.slice(0, 39),
    ]
    for (const email of addresses) {
      const answer = await person.call('PUT', '/api/me/email', { email, password: goodPassword })
      expect([400, 429], email).toContain(answer.status)
    }
    const other = await join(matinee, 'bob')
    await other.call('PATCH', '/api/me', { displayName: '<b>Buy</b> https://evil.example', bio: 'https://evil.example' })
    await confirmEmail(other, smtp, 'bob+films@example.com')
    expect(smtp.letters).toHaveLength(1)
    const { data, text, to } = await letterAt(smtp, 0)
    expect(to).toEqual(['RCPT TO:<bob+films@example.com>'])
    expect(data).not.toMatch(/text\/html|multipart/i)
    expect(text).not.toMatch(/evil|<b>/)
    expect(text.match(/https?:\/\/\S+/g)).toEqual([expect.stringMatching(/^https:\/\/cinema\.example\/confirm-email#[\w-]{43}$/)])
  })

  test('[T32] lead to our own address, whatever host the request was sent to', async () => {
    await using smtp = await openSmtp()
    await using matinee = await startWithMail(smtp)
    await confirmEmail(await join(matinee, 'alice'), smtp, 'alice@example.com')
    await callAs(matinee)(
      'POST',
      '/api/password-reset-request',
      { who: 'alice' },
      { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    )
    expect((await letterAt(smtp, 1)).text).not.toContain('evil')
  })

  test('[T32] are not sent more often than the house allows', async () => {
    await using smtp = await openSmtp()
    await using matinee = await startWithMail(smtp)
    const statuses = []
    for (let i = 0; i < 8; i++) statuses.push((await callAs(matinee)('POST', '/api/password-reset-request', { who: 'alice' })).status)
    expect(statuses).toEqual([...Array(5).fill(202), 429, 429, 429])
  })

  test('to an address count only once it has been confirmed, and the address is given with the password', async () => {
    await using smtp = await openSmtp()
    await using matinee = await startWithMail(smtp)
    await confirmEmail(await join(matinee, 'bob'), smtp, 'bob@example.com')
    const person = await join(matinee, 'alice')
    expect((await person.call('PUT', '/api/me/email', { email: 'alice@example.com', password: 'not the right one' })).status).toBe(403)
    await person.call('PUT', '/api/me/email', { email: 'alice@example.com', password: goodPassword })
    const { token } = await letterAt(smtp, 1)
    expect((await person.call('GET', '/api/me')).json).toMatchObject({ user: { email: null, unconfirmedEmail: 'alice@example.com' } })
    expect((await callAs(matinee)('POST', '/api/password-reset', { token, newPassword })).status).toBe(400)
    await callAs(matinee)('POST', '/api/password-reset-request', { who: 'alice@example.com' })
    // The request was answered before its address was looked up, so that the answer tells nothing: whose letter comes was looked up after that.
    await callAs(matinee)('POST', '/api/password-reset-request', { who: 'bob@example.com' })
    expect((await letterAt(smtp, 2)).to).toEqual(['RCPT TO:<bob@example.com>'])
    expect((await callAs(matinee)('POST', '/api/email-confirmation', { token })).status).toBe(204)
    expect((await callAs(matinee)('POST', '/api/email-confirmation', { token })).status).toBe(400)
    await person.call('PUT', '/api/me/email', { email: null, password: goodPassword })
    expect((await person.call('GET', '/api/me')).json).toMatchObject({ user: { email: null, unconfirmedEmail: null } })
    expect(smtp.letters).toHaveLength(3)
  })

  test('are not offered where none can be sent', async () => {
    await using matinee = await startMatinee('embedded')
    const person = await join(matinee, 'alice')
    expect((await callAs(matinee)('GET', '/api/site')).json).toMatchObject({ canSendMail: false, sourceUrl: null })
    const answer = await person.call('PUT', '/api/me/email', { email: 'a@example.com', password: goodPassword })
    expect([answer.status, codeOf(answer)]).toEqual([503, 'mail.none'])
  })
})

describe.each(grounds.list)('another password, %s', (mode) => {
  test('ends every session, and the answer is a new one', async () => {
    await using matinee = await startMatinee(mode)
    const person = await join(matinee, 'alice')
    const elsewhere = ((await callAs(matinee)('POST', '/user/alice', { password: goodPassword })).json as { token: string }).token
    const change = (password: string, next: string) => person.call('PUT', '/api/me/password', { password, newPassword: next })
    expect((await change('not the right one', newPassword)).status).toBe(403)
    expect(fieldsOf(await change(goodPassword, 'alice'))).toEqual(['newPassword: password.short'])
    const changed = await change(goodPassword, newPassword)
    expect(changed.status).toBe(200)
    const { token } = changed.json as { token: string }
    expect((await person.call('GET', '/api/me')).status).toBe(401)
    expect((await callAs(matinee, elsewhere)('GET', '/api/me')).status).toBe(401)
    expect((await callAs(matinee, token)('GET', '/api/me')).status).toBe(200)
    expect([await statusOfLogIn(matinee, goodPassword), await statusOfLogIn(matinee, newPassword)]).toEqual([401, 200])
  })
})
