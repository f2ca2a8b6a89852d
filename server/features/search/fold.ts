import type { Chinese } from '#server/lib/chinese.ts'
import { foldText } from '#server/lib/plain-text.ts'

/** What is found and what is sought, written the same way: capitals, widths and scripts folded, accents off Latin letters, one space between words. */
export function foldForSearch(text: string, chinese: Chinese): string {
  const plain = foldText(text)
    .normalize('NFD')
    .replace(/([a-z])\p{M}+/gu, '$1')
    .normalize('NFC')
  return chinese
    .simplify(plain)
    .replace(/[\s\p{Zs}_]+/gu, ' ')
    .trim()
}

/** Characters that are words by themselves: two of them already say something. */
export function isDense(code: number): boolean {
  if (code < 0x1100) return false
  return (
    (code >= 0x2e80 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    code <= 0x11ff ||
    (code >= 0xf900 && code <= 0xfaff) ||
    code >= 0x20000
  )
}

const words = /[a-z0-9]+/g
export const wordsOf = (folded: string): string[] => folded.match(words) ?? []

/** The simple endings of English: `running`, `runs` and `run` are one; `cities` and `city` too. */
export function stemOf(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word
  const bare = word
    .replace(/(ss|us|is)$/, '$1')
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|x|ss|z)es$/, '$1')
    .replace(/([^sui])s$/, '$1')
  const short = bare.replace(/(?<=[aeiouy].*)(ing|ed)$/, '')
  if (short.length < 3) return bare
  const single = short === bare ? bare : short.replace(/([bdfgmnprt])\1$/, '$1')
  return single.replace(/e$/, '')
}

/** As a file of readings would be sought: the terms of what was typed. */
export const termsOf = (folded: string): string[] =>
  folded
    .split(' ')
    .filter((term) => /[\p{L}\p{N}\p{S}]/u.test(term))
    .slice(0, 8)
