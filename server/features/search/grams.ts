import { isDense } from './fold.ts'

/**
 * Every place of a text begins one gram: two characters long where it stands on a dense character, three otherwise; the end of the text closes the last
 * ones. So whatever lies in a text, its grams lie among the text's grams, and a single character is found by all grams that begin with it.
 */
export function gramsOf(text: string): Set<string> {
  const grams = new Set<string>()
  for (let at = 0; at < text.length; at = next(text, at)) grams.add(text.slice(at, endOf(text, at)))
  return grams
}

/** Those that lie wholly within what is sought; a document without one of them cannot hold it. */
export function wholeGramsOf(text: string): string[] {
  const grams = new Set<string>()
  for (let at = 0; at < text.length; at = next(text, at)) {
    if (isWhole(text, at)) grams.add(text.slice(at, endOf(text, at)))
  }
  return [...grams]
}

/** Where the character after this one begins: some are two units long. */
const next = (text: string, at: number) => at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
const lengthAt = (text: string, at: number) => (isDense(text.codePointAt(at) ?? 0) ? 2 : 3)

function endOf(text: string, at: number): number {
  let end = at
  for (let left = lengthAt(text, at); left > 0 && end < text.length; left--) end = next(text, end)
  return end
}

function isWhole(text: string, at: number): boolean {
  let end = at
  let left = lengthAt(text, at)
  for (; left > 0 && end < text.length; left--) end = next(text, end)
  return left === 0
}
