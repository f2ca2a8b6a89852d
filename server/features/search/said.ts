import { isDense, termsOf } from './fold.ts'
import type { SaidTerm } from './store.ts'

type Run = { isDense: boolean; text: string }
export type Line = readonly [atMs: number, text: string]

/** Lines that lie together are found together: what is sought may begin in one and end in the next. */
const mostLines = 12
const mostLetters = 400

/** From the lines of a film, in their order. */
export function chunksOf(lines: readonly Line[]): Line[][] {
  const chunks: Line[][] = []
  let letters = 0
  for (const line of lines) {
    const last = chunks.at(-1)
    if (last && last.length < mostLines && letters + line[1].length <= mostLetters) last.push(line)
    else chunks.push([line])
    letters = (chunks.at(-1)?.length === 1 ? 0 : letters) + line[1].length
  }
  return chunks
}

/**
 * Words are one token each; where characters are words by themselves, every two that follow each other are, and the last alone. So a run of characters
 * is a run of tokens, a single character is how some tokens begin, and neither engine needs to know a language.
 */
export function tokensOf(folded: string): string[] {
  return runsOf(folded).flatMap(({ isDense: dense, text }) => {
    if (!dense) return [wordToken(text)]
    const characters = [...text]
    return characters.map((character, place) => pairToken(character, characters[place + 1]))
  })
}

/** Undefined where what is sought is too little to look for in everything that is said. */
export function saidTerms(folded: string): SaidTerm[] | undefined {
  const runs = termsOf(folded).flatMap(runsOf)
  if (!runs.some(({ isDense: dense, text }) => [...text].length >= (dense ? 2 : 3))) return undefined
  return runs.map(({ isDense: dense, text }): SaidTerm => {
    if (!dense) return { beginning: wordToken(text) }
    const characters = [...text]
    if (characters.length === 1) return { beginning: pairToken(text, undefined) }
    return { run: characters.slice(1).map((character, place) => pairToken(characters[place] ?? '', character)) }
  })
}

function runsOf(folded: string): Run[] {
  return [...folded.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].flatMap(([word]) => {
    const runs: Run[] = []
    for (const character of word) {
      const dense = isDense(character.codePointAt(0) ?? 0)
      const last = runs.at(-1)
      if (last?.isDense === dense) last.text += character
      else runs.push({ isDense: dense, text: character })
    }
    return runs
  })
}

const longest = 60
const codeOf = (character: string) => (character.codePointAt(0) ?? 0).toString(36)
const pairToken = (one: string, other: string | undefined) => `z${codeOf(one)}x${other === undefined ? '' : codeOf(other)}`
/** Letters of other scripts by their numbers. */
const wordToken = (word: string) => (/^[a-z0-9]+$/.test(word) ? `ww${word}` : `yy${[...word].map(codeOf).join('q')}`).slice(0, longest)
