import type { Config } from '#server/config/keys.ts'
import type { Mail } from '#server/ports/mail.ts'

/** Whether letters can be sent may change while the program runs: the server's address is read at each letter. */
export async function openMail(config: () => Config): Promise<Mail> {
  const { createSmtpMail } = await import('#server/adapters/mail/smtp-mail.ts')
  return createSmtpMail({ settings: () => config().mail })
}
