import { Problem } from '#server/lib/problem.ts'
import type { Mail } from '#server/ports/mail.ts'

export const noMail: Mail = {
  canSend: false,
  async send() {
    throw new Problem('unavailable', 'mail.none')
  },
  async close() {},
}
