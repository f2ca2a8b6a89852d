import { soon } from '#server/testing/grounds.ts'
import { expect, test } from 'vitest'
import { Problem } from '#server/lib/problem.ts'
import { isCommonPassword } from './common.ts'
import { hashPassword, isOutdated, isPassword } from './hash.ts'
import { createPasswords } from './passwords.ts'

const cheap = { memory: 64, passes: 1, parallelism: 1 }

test('a password is right, another is not, and each hash has its own salt', async () => {
  const one = await hashPassword('the dark room')
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await isPassword('the dark room', one)).toBe(true)
  expect(await isPassword('the dark rooM', one)).toBe(false)
  expect(await hashPassword('the dark room')).not.toBe(one)
})

test('one password is the same from every keyboard', async () => {
  expect(await isPassword('caf\u00e9 noir', await hashPassword('cafe\u0301 noir', cheap))).toBe(true)
})

test('a hash of another cost still opens, and says that it should be made anew', async () => {
  const old = await hashPassword('the dark room', cheap)
  expect(await isPassword('the dark room', old)).toBe(true)
  expect([isOutdated(old), isOutdated(await hashPassword('the dark room'))]).toEqual([true, false])
  expect(await createPasswords().check('the dark room', old)).toEqual({ isRight: true, isOutdated: true })
})

test.each(['', 'plain', '$argon2id$v=19$m=19456,t=2,p=1$short$short', '$2b$12$abcdefghijklmnopqrstuv'])(
  'nothing opens what is no hash: %s',
  async (phc) => {
    expect(await isPassword('', phc)).toBe(false)
    expect(await isPassword(phc, phc)).toBe(false)
  },
)

test('nobody takes as much work as somebody', async () => {
  const phc = await hashPassword('the dark room')
  const cpuOf = async (hash: string | undefined) => {
    const before = process.cpuUsage()
    for (let i = 0; i < 5; i++) await createPasswords().check('wrong', hash)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  await cpuOf(phc)
  const ratio = (await cpuOf(undefined)) / (await cpuOf(phc))
  expect(ratio).toBeGreaterThan(0.2)
  expect(ratio).toBeLessThan(5)
})

test('of too many at once, some wait and the rest is told to come again', async () => {
  const passwords = createPasswords({ atOnce: 1, mayWait: 3 })
  const answers = await Promise.allSettled(Array.from({ length: 10 }, () => passwords.check('x', undefined)))
  const refused = answers.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  expect(refused.length).toBe(6)
  expect(refused.every(({ reason }) => reason instanceof Problem && reason.kind === 'unavailable' && (reason.retryAfterMs ?? 0) > 0)).toBe(
    true,
  )
  expect(passwords.figures()).toEqual({ running: 0, waiting: 0, refused: 6 })
})

test('whoever goes away while waiting makes room', async () => {
  const passwords = createPasswords({ atOnce: 1, mayWait: 1 })
  const away = new AbortController()
  const first = passwords.check('x', undefined)
  const second = passwords.check('x', undefined, away.signal)
  away.abort(new Error('gone'))
  await expect(second).rejects.toThrow('gone')
  await expect(Promise.all([first, passwords.check('x', undefined)])).resolves.toHaveLength(2)
})

const common = `password Password1 P@ssw0rd! 12345678 87654321 qwertyuiop 1qaz2wsx iloveyou woaini1314 a123456789 19900101 01.02.1990 zx19900101 abcd1234 11111111
  abcabcabc trustno1 letmein1 sunshine2024! qwe123456 zxcvbnm123 admin123 superman99 football1 passwordpassword qq123456789 1q2w3e4r5t q1w2e3r4 0987654321 asdfghjkl
  ｐａｓｓｗｏｒｄ１ 我爱你1314 matinee123 Tr1nity1 monkey12 woaini520 baobao666 147258369 princess1 michael1990`
test.each(common.trim().split(/\s+/))('%s is common', (password) => expect(isCommonPassword(password)).toBe(true))

const rare = [
  'correct horse battery staple',
  'open the dark room 7',
  'x7#kQ9!mZp',
  'moonlight sonata',
  'Tr4ktor-im-Garten',
  '春江潮水連海平',
  'hunter2hunter2',
  'w3lvJgqp',
  'seven-lantern-oak',
]
test.each(rare)('%s is not', (password) => expect(isCommonPassword(password)).toBe(false))

test('even the longest is judged at once', () => {
  const start = performance.now()
  for (const password of ['q'.repeat(255), 'qwe'.repeat(85), 'password'.repeat(32), '😀'.repeat(120)]) isCommonPassword(`${password}x`)
  expect(performance.now() - start).toBeLessThan(soon(100))
})
