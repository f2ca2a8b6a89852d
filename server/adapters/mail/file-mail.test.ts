import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nextMillisecond } from '#server/testing/next-millisecond.ts'
import { createFileMail } from './file-mail.ts'
import { noMail } from './no-mail.ts'

test('letters lie in a folder in the order of their sending, for its owner alone', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'matinee-mail-'))
  const folder = join(parent, 'mails')
  const mail = createFileMail({ folder })
  for (let n = 0; n < 5; n++) {
    await mail.send({ to: 'viewer@example.com', subject: `信 ${n}\nBcc: x@example.com`, text: `text ${n}` })
    await nextMillisecond()
  }
  const files = (await readdir(folder)).sort()
  expect(files).toHaveLength(5)
  const letters = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  expect(letters.map((text) => text.split('\n').at(-2))).toEqual(['text 0', 'text 1', 'text 2', 'text 3', 'text 4'])
  expect(letters[0]).toBe('To: viewer@example.com\nSubject: 信 0 Bcc: x@example.com\n\ntext 0\n')
  expect((await stat(join(folder, files[0] ?? ''))).mode & 0o077).toBe(0)
  await expect(mail.send({ to: '../../etc/passwd', subject: '', text: '' })).rejects.toMatchObject({ code: 'mail.bad_address' })
  await rm(parent, { recursive: true })
})

test('where no mail is configured it is said, not swallowed', async () => {
  expect(noMail.canSend).toBe(false)
  await expect(noMail.send({ to: 'a@example.com', subject: '', text: '' })).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'mail.none',
  })
})
