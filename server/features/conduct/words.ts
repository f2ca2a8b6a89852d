import type { Chinese } from '#server/lib/chinese.ts'
import { foldText } from '#server/lib/plain-text.ts'

/** Characters that stand without spaces between words: there a word is found anywhere. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const sign = /[^\p{L}\p{N}]+/gu

const fold = (text: string, { simplify }: Pick<Chinese, 'simplify'>) => simplify(foldText(text))

/**
 * The first of these words that a text holds, however it is spelled: capitals, widths, traditional or simplified, with signs between its characters.
 * Of scripts with spaces a word is whole: `ass` is not in `class`.
 */
export function findWord(text: string, words: readonly string[], chinese: Pick<Chinese, 'simplify'>): string | undefined {
  if (words.length === 0) return undefined
  const folded = fold(text, chinese)
  const bare = folded.replace(sign, '')
  const spaced = ` ${folded.replace(sign, ' ')} `
  return words.find((word) => {
    const key = fold(word, chinese)
    const run = key.replace(sign, '')
    if (run === '') return folded.includes(key)
    return unspaced.test(run) ? bare.includes(run) : spaced.includes(` ${key.replace(sign, ' ').trim()} `)
  })
}
