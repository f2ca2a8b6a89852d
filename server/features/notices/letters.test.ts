import { expect, test, vi } from 'vitest'
import { startMatinee } from '#server/testing/matinee.ts'
import { createShiftedClock } from '#server/testing/shifted-clock.ts'
import { createShow } from '#server/testing/show.ts'
import { decodeLetter, openSmtp } from '#server/testing/smtp.ts'
import { goodPassword, join, joinAsOwner, type Visitor } from '#server/testing/visitors.ts'
import type { NoticeChoices, NoticePage } from '#shared/api/notices.ts'

const minute = 60_000
const soon = (look: () => Promise<void> | void) => vi.waitFor(look, { timeout: 60_000, interval: 50 })

test('one letter tells of all that was not read meanwhile, in the language of its reader, with nothing in it that others wrote', async () => {
  await using smtp = await openSmtp()
  const clock = createShiftedClock()
  const set = { 'mail.url': `smtp://127.0.0.1:${smtp.port}`, 'mail.from': 'cinema@example.org', 'site.url': 'https://cinema.example' }
  await using matinee = await startMatinee('embedded', { set, clock, without: ['worker'] })
  await joinAsOwner(matinee)
  const [ann, bob] = [await join(matinee, 'ann'), await join(matinee, 'bob')]
  await ann.call('PATCH', '/api/me', { language: 'zh-TW' })
  await ann.call('PUT', '/api/me/email', { email: 'ann@example.org', password: goodPassword })
  await soon(() => expect(smtp.letters).toHaveLength(1))
  const [token] = /(?<=#)[\w-]{43}\b/.exec(decodeLetter(smtp.letters[0]?.data ?? '')) ?? []
  expect((await ann.call('POST', '/api/email-confirmation', { token })).status).toBe(204)
  for (const kind of ['comment', 'reply']) await choose(ann, kind)

  const vid = await createShow(matinee, ann).film({ title: 'A film' })
  const say = async (text: string, replyTo?: string, by = bob) => {
    const { status, json } = await by.call('POST', `/api/videos/${vid}/comments`, { text, ...(replyTo ? { replyTo } : {}) })
    expect(status).toBe(201)
    return (json as { id: string }).id
  }
  const countOf = async (of: Visitor) =>
    ((await of.call('GET', '/api/notices')).json as NoticePage).items.reduce(
      (sum, { kind, count }) => (kind === 'film_ready' ? sum : sum + count),
      0,
    )

  await say('a <b>very</b> secret word')
  const own = await say('mine', undefined, ann)
  await say('to you', own)
  await say('and more')
  await soon(async () => expect(await countOf(ann)).toBe(3))
  // Whoever reads within ten minutes gets no letter.
  expect(smtp.letters).toHaveLength(1)
  clock.shift(11 * minute)
  await soon(() => expect(smtp.letters).toHaveLength(2))
  const letter = smtp.letters[1]
  const text = decodeLetter(letter?.data ?? '')
  expect(letter?.to.join()).toContain('ann@example.org')
  expect(text).toContain('https://cinema.example/notices')
  expect(text).toContain('2 則')
  expect(text).not.toMatch(/secret|to you|bob/)

  // What comes within the hour waits for the next letter; what is read until then is in none.
  await say('later')
  await soon(async () => expect(await countOf(ann)).toBe(4))
  const { items } = (await ann.call('GET', '/api/notices')).json as NoticePage
  await ann.call('PUT', '/api/notices/read', { upTo: items[0]?.id })
  await say('after that')
  await soon(async () => expect((await ann.call('GET', '/api/notices/unread')).json).toEqual({ unread: 1 }))
  clock.shift(61 * minute)
  await soon(() => expect(smtp.letters).toHaveLength(3))
  expect(decodeLetter(smtp.letters[2]?.data ?? '')).toContain('1 則')

  // Bob chose nothing by mail, and has no address that counts.
  expect(((await bob.call('GET', '/api/notices/choices')).json as NoticeChoices).canMail).toBe(false)
  expect(smtp.letters.flatMap(({ to }) => to).join()).not.toContain('bob')
}, 360_000)

async function choose(by: Visitor, kind: string): Promise<void> {
  const { json } = await by.call('PUT', '/api/notices/choices', { kind, inApp: true, byMail: true })
  expect((json as NoticeChoices).items).toContainEqual({ kind, inApp: true, byMail: true })
  expect((json as NoticeChoices).canMail).toBe(true)
}
