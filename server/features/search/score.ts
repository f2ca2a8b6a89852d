import type { Chinese } from '#server/lib/chinese.ts'
import type { Film } from './film.ts'
import { stemOf, wordsOf } from './fold.ts'
import { findReading, soundsWithin } from './pinyin.ts'

/** One word of what is sought, made ready once. */
export type Term = {
  text: string
  stems: readonly string[]
  /** Letters that may be pinyin. */
  isTyped: boolean
  /** For guesses: words nearly spelled so, and the characters of what may only sound so. */
  near: ReadonlySet<string>
  sounds: readonly string[] | undefined
}

export function toTerm(text: string): Term {
  return { text, stems: wordsOf(text).map(stemOf), isTyped: /^[a-z]{2,40}$/.test(text), near: new Set(), sounds: undefined }
}

/**
 * How well a film answers, 0 where one word of what is sought is nowhere in it. Whole numbers, of nothing but the two: so the order is the same on
 * every ground and in every process.
 */
export function scoreOf(film: Film, terms: readonly Term[], whole: string, chinese: Chinese): number {
  let score = 0
  for (const term of terms) {
    const own = scoreOfTerm(film, term, chinese)
    if (own === 0) return 0
    score += own
  }
  if (terms.length > 1 && film.title.includes(whole)) score += 300
  if (film.title === whole) score += 2000
  return score + popularity(film.views)
}

/** A tenfold audience is worth less than a better place. */
const popularity = (views: number) => Math.min(60, Math.floor(10 * Math.log10(1 + views)))

function scoreOfTerm(film: Film, term: Term, chinese: Chinese): number {
  return inTitle(film.title, term, chinese) || inNames(film, term, chinese) || inText(film.description, term)
}

function inTitle(title: string, term: Term, chinese: Chinese): number {
  const at = title.indexOf(term.text)
  if (at === 0) return 600
  if (at > 0) return /[\p{L}\p{N}]/u.test(title.charAt(at - 1)) && /[a-z0-9]/.test(term.text.charAt(0)) ? 400 : 500
  if (hasStems(title, term)) return 380
  if (term.isTyped) {
    const place = findReading([...title], term.text, chinese)
    if (place >= 0) return place === 0 ? 360 : 300
  }
  if (hasNear(title, term)) return 200
  return term.sounds && soundsWithin([...title], term.sounds, chinese) ? 190 : 0
}

function inNames({ tags, owner, people }: Film, term: Term, chinese: Chinese): number {
  if (tags.includes(term.text)) return 350
  if (owner === term.text || people.includes(term.text)) return 330
  if (tags.some((tag) => tag.includes(term.text))) return 250
  if (owner.includes(term.text) || people.some((name) => name.includes(term.text))) return 200
  if (term.stems.length > 0 && tags.some((tag) => hasStems(tag, term))) return 180
  if (people.some((name) => hasStems(name, term))) return 170
  if (term.isTyped && [...tags, owner, ...people].some((name) => findReading([...name], term.text, chinese) >= 0)) return 150
  if (term.near.size > 0 && [...tags, owner, ...people].some((name) => hasNear(name, term))) return 100
  return 0
}

function inText(description: string, term: Term): number {
  if (description.includes(term.text)) return 80
  if (hasStems(description, term)) return 60
  return hasNear(description, term) ? 30 : 0
}

function hasStems(text: string, { stems }: Term): boolean {
  if (stems.length === 0) return false
  const own = new Set(wordsOf(text).map(stemOf))
  return stems.every((stem) => own.has(stem))
}

function hasNear(text: string, { near }: Term): boolean {
  return near.size > 0 && wordsOf(text).some((word) => near.has(stemOf(word)))
}
