import { Problem } from '#server/lib/problem.ts'
import type { Letter } from '#server/ports/mail.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/
const oneAddress = /^[^\s<>(),;:"[\]\\@]+@[^\s<>(),;:"[\]\\@]+$/

/** One recipient, no line of a header that somebody smuggled in. */
export function checkLetter(letter: Letter): Letter {
  if (control.test(letter.to) || letter.to.length > 320 || !oneAddress.test(letter.to)) throw new Problem('invalid', 'mail.bad_address')
  return { ...letter, subject: letter.subject.replace(/\s+/g, ' ').trim() }
}
