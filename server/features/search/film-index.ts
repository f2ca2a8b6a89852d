import type { Chinese } from '#server/lib/chinese.ts'
import type { Film } from './film.ts'
import { stemOf, wordsOf } from './fold.ts'
import { gramsOf, wholeGramsOf } from './grams.ts'
import { initialPairs, initialsOf } from './pinyin.ts'
import { Postings, union } from './postings.ts'
import { scoreOf, type Term, toTerm } from './score.ts'
import { bitsIn, isWithin, lettersOf, slipsFor } from './typos.ts'

/** `said`: found in what is said in it alone, in these lines from this moment on. */
export type Hit = { film: Film; score: number; said?: { atMs: number; cues: string } }

/** All films, in memory, whoever may find them (`fits` says who does): what is sought is looked up by grams, stems and readings, then looked at. */
export class FilmIndex {
  readonly #chinese: Chinese
  readonly #films: (Film | undefined)[] = []
  readonly #numbers = new Map<string, number>()
  readonly #grams = new Postings()
  readonly #stems = new Postings()
  readonly #readings = new Postings()

  constructor(chinese: Chinese) {
    this.#chinese = chinese
  }

  get size(): number {
    return this.#numbers.size
  }

  /** Most of it is of films that are gone or were changed: better made anew. */
  get isWorn(): boolean {
    return this.#films.length > 1000 + 2 * this.#numbers.size
  }

  put(film: Film): void {
    this.remove(film.id)
    const number = this.#films.push(film) - 1
    this.#numbers.set(film.id, number)
    for (const text of [film.title, film.description, film.owner, ...film.tags, ...film.people]) {
      for (const gram of gramsOf(text)) this.#grams.add(gram, number)
      for (const word of wordsOf(text)) this.#stems.add(stemOf(word), number)
    }
    for (const name of [film.title, film.owner, ...film.tags, ...film.people]) {
      for (const pair of initialPairs(name, this.#chinese)) this.#readings.add(pair, number)
      for (const character of name) for (const reading of this.#chinese.readings(character)) this.#readings.add(`=${reading}`, number)
    }
  }

  remove(id: string): void {
    const number = this.#numbers.get(id)
    if (number === undefined) return
    this.#films[number] = undefined
    this.#numbers.delete(id)
  }

  setViews(id: string, views: number): void {
    const film = this.#films[this.#numbers.get(id) ?? -1]
    if (film) film.views = views
  }

  has(id: string): boolean {
    return this.#numbers.has(id)
  }

  get(id: string): Film | undefined {
    return this.#films[this.#numbers.get(id) ?? -1]
  }

  /** Every film in which all of it is found; `terms` are folded words. */
  find(terms: readonly string[], fits: (film: Film) => boolean): Hit[] {
    if (terms.length === 0) return this.#films.flatMap((film) => (film && fits(film) ? [{ film, score: 0 }] : []))
    return this.#look(terms.map(toTerm), terms.join(' '), fits)
  }

  /** For what was found nowhere: words with a slip in them, characters that only sound so, and what was written without a space. */
  guess(terms: readonly string[], fits: (film: Film) => boolean): Hit[] {
    const parts = terms.flatMap((term) => term.match(/[a-z0-9]+|[^a-z0-9]+/g) ?? [])
    const guessed = parts.map((part): Term => {
      const term = toTerm(part)
      const characters = [...part]
      const isSaid = characters.length > 1 && characters.every((character) => this.#chinese.readings(character).length > 0)
      return { ...term, near: new Set(term.stems.flatMap((stem) => this.#near(stem))), sounds: isSaid ? characters : undefined }
    })
    return this.#look(guessed, terms.join(' '), fits)
  }

  #look(terms: readonly Term[], whole: string, fits: (film: Film) => boolean): Hit[] {
    const lists = terms.map((term) => this.#candidates(term))
    const shortest = lists.reduce((least, list) => (list.length < least.length ? list : least), lists[0] ?? new Uint32Array(0))
    const hits: Hit[] = []
    for (const number of shortest) {
      const film = this.#films[number]
      if (!film || !fits(film)) continue
      const score = scoreOf(film, terms, whole, this.#chinese)
      if (score > 0) hits.push({ film, score })
    }
    return hits
  }

  /** No film that has it is missing; some that do not have it may be there. */
  #candidates({ text, stems, isTyped, near, sounds }: Term): Uint32Array {
    const grams = wholeGramsOf(text)
    const lists = [grams.length > 0 ? this.#grams.all(grams) : this.#grams.beginning(text)]
    if (stems.length > 0) lists.push(this.#stems.all(stems))
    if (isTyped) lists.push(...initialsOf(text).map((initials) => this.#read(text, initials)))
    for (const word of near) lists.push(this.#stems.of(word))
    if (sounds) lists.push(this.#sounding(sounds))
    return union(lists.filter((list) => list.length > 0))
  }

  #read(text: string, initials: readonly string[]): Uint32Array {
    if (initials.length === 1) return this.#readings.of(`=${text}`)
    return this.#readings.all([...new Set(initials.slice(1).map((letter, i) => `${initials[i]}${letter}`))])
  }

  #sounding(sounds: readonly string[]): Uint32Array {
    const [first = '', second = ''] = sounds
    return union([...initialPairs(first + second, this.#chinese)].map((pair) => this.#readings.of(pair)))
  }

  #near(stem: string): string[] {
    const slips = slipsFor(stem)
    if (slips === 0) return []
    const letters = lettersOf(stem)
    const near: string[] = []
    for (const word of this.#stems.words()) {
      if (Math.abs(word.length - stem.length) > slips || bitsIn(letters ^ lettersOf(word)) > 2 * slips) continue
      if (isWithin(slips, stem, word)) near.push(word)
    }
    return near.slice(0, 50)
  }
}
