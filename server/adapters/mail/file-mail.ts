import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '#server/lib/id.ts'
import type { Mail } from '#server/ports/mail.ts'
import { checkLetter } from './letter.ts'

/** Puts each letter into a folder, for trying things out: the newest file is the newest letter. */
export function createFileMail(parts: { folder: string }): Mail {
  return {
    canSend: true,
    async send(letter) {
      const { to, subject, text } = checkLetter(letter)
      await mkdir(parts.folder, { recursive: true, mode: 0o700 })
      const path = join(parts.folder, `${newId()}.txt`)
      // Whoever watches the folder sees whole letters only.
      await writeFile(`${path}.part`, `To: ${to}\nSubject: ${subject}\n\n${text}\n`, { mode: 0o600 })
      await rename(`${path}.part`, path)
    },
    async close() {},
  }
}
