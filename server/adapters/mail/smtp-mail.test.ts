import { expect, test } from 'vitest'
import { decodeLetter, openSmtp } from '#server/testing/smtp.ts'
import { createSmtpMail, type SmtpSettings } from './smtp-mail.ts'

const mailTo = (url: string) => createSmtpMail({ settings: () => ({ url, from: '电影社 <cinema@example.org>' }) })
const letter = { to: 'viewer@example.com', subject: '驗證碼 code', text: '你好\n.\n.leading dot\nhttps://cinema.example/reset#abc' }

test('a letter arrives as plain text, with its words in any script', async () => {
  await using smtp = await openSmtp()
  const mail = mailTo(`smtp://user:p%40ss@127.0.0.1:${smtp.port}`)
  expect(mail.canSend).toBe(true)
  await mail.send(letter)
  const [arrived] = smtp.letters
  expect(arrived?.to).toEqual(['RCPT TO:<viewer@example.com>'])
  expect(arrived?.from).toContain('<cinema@example.org>')
  expect(arrived?.data).toMatch(/Content-Type: text\/plain/)
  expect(arrived?.data).not.toMatch(/html|multipart/i)
  expect(
    decodeLetter(arrived?.data ?? '')
      .replace(/^\.\./gm, '.')
      .trim(),
  ).toBe(letter.text)
  const auth = smtp.commands.find((line) => line.startsWith('AUTH'))
  expect(Buffer.from(auth?.split(' ')[2] ?? '', 'base64').toString()).toBe('\0user\0p@ss')
})

test('[T32] nobody adds recipients or headers', async () => {
  await using smtp = await openSmtp()
  const mail = mailTo(`smtp://127.0.0.1:${smtp.port}`)
  for (const to of [
    'a@example.com, b@example.com',
    'a@example.com;b@example.com',
    'a@example.com\r\nRCPT TO:<b@example.com>',
    'a@example.com\nBcc: b@example.com',
    'A <a@example.com>',
    '<a@example.com>',
    'a@example.com b@example.com',
    '',
    'a',
    '@',
    `${'a'.repeat(400)}@example.com`,
  ]) {
    await expect(mail.send({ ...letter, to })).rejects.toMatchObject({ kind: 'invalid', code: 'mail.bad_address' })
  }
  await mail.send({ ...letter, subject: 'hello\r\nBcc: b@example.com\r\n\r\nbody', text: 'x\r\n.\r\nMAIL FROM:<b@example.com>' })
  expect(smtp.letters).toHaveLength(1)
  expect(smtp.letters[0]?.data).not.toMatch(/^Bcc:/m)
  expect(smtp.letters[0]?.to).toEqual(['RCPT TO:<viewer@example.com>'])
  expect(smtp.commands.filter((line) => line.startsWith('MAIL'))).toHaveLength(1)
})

test('what the server does not take is said, with its reason as the cause', async () => {
  for (const refuses of ['recipient', 'password'] as const) {
    await using smtp = await openSmtp({ refuses })
    const sending = mailTo(`smtp://user:secret@127.0.0.1:${smtp.port}`).send(letter)
    await expect(sending).rejects.toMatchObject({ kind: 'unavailable', code: 'mail.not_taken', cause: expect.any(Error) })
  }
  await expect(mailTo('smtp://127.0.0.1:1').send(letter)).rejects.toMatchObject({ kind: 'unavailable', code: 'mail.not_taken' })
})

test('a password is not told to a server without encryption where that is required', async () => {
  await using smtp = await openSmtp()
  await expect(mailTo(`smtp://user:secret@127.0.0.1:${smtp.port}?tls=required`).send(letter)).rejects.toMatchObject({
    code: 'mail.not_taken',
  })
  expect(smtp.commands.filter((line) => /AUTH|MAIL/.test(line))).toEqual([])
})

test('a change of settings counts from the next letter on', async () => {
  await using smtp = await openSmtp()
  let settings: SmtpSettings = { url: '', from: '' }
  const mail = createSmtpMail({ settings: () => settings })
  expect(mail.canSend).toBe(false)
  await expect(mail.send(letter)).rejects.toMatchObject({ kind: 'unavailable', code: 'mail.none' })
  settings = { url: `smtp://127.0.0.1:${smtp.port}`, from: 'new@example.org' }
  expect(mail.canSend).toBe(true)
  await mail.send(letter)
  expect(smtp.letters[0]?.from).toContain('new@example.org')
})

test('closing waits for what is under way', async () => {
  await using smtp = await openSmtp()
  const mail = mailTo(`smtp://127.0.0.1:${smtp.port}`)
  const sending = mail.send(letter)
  await mail.close()
  expect(smtp.letters).toHaveLength(1)
  await sending
})
