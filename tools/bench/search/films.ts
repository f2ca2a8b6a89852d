import { DatabaseSync } from 'node:sqlite'
import { openChinese } from '../../../server/lib/chinese.ts'
import { type FilmRow, toFilm } from '../../../server/features/search/film.ts'
import { FilmIndex } from '../../../server/features/search/film-index.ts'
import { quantile } from '../compare.ts'

const count = Number(process.argv[2] ?? 100_000)
let state = 7
const dice = () => {
  state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
  return state / 0x7fffffff
}
/** As in any language, few words are common and most are rare. */
const zipf = (n: number) => Math.min(n - 1, Math.floor(n ** dice()) - 1)
const commonCharacters = Array.from({ length: 2500 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 37) % 8000)))
const some = (n: number) => Array.from({ length: n }, () => commonCharacters[zipf(commonCharacters.length)] ?? '').join('')
const vocabulary = Array.from({ length: 20_000 }, () => some(2))
const words = (n: number) => Array.from({ length: n }, () => vocabulary[Math.max(0, zipf(vocabulary.length))] ?? '').join('')

const rows = Array.from({ length: count }, (_, i): FilmRow => {
  const tag = words(1)
  return {
    ...{ id: String(i).padStart(20, '0'), title: words(2 + Math.floor(dice() * 3)), description: words(20 + Math.floor(dice() * 40)) },
    ...{ ownerId: `o${i % 500}`, owner: `person${i % 500}`, tags: [{ key: tag, label: tag }], people: [], visibility: 'public' },
    ...{ publishedMs: i, durationMs: 60_000, views: zipf(100_000), state: 'ready', isFeatured: false, isHidden: false, sha256: null },
  }
})

const chinese = await openChinese()
globalThis.gc?.()
const before = process.memoryUsage()
const began = performance.now()
const index = new FilmIndex(chinese)
const films = rows.map((row) => toFilm(row, chinese))
for (const film of films) index.put(film)
const builtMs = performance.now() - began
globalThis.gc?.()
const after = process.memoryUsage()
const heapMiB = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 2 ** 20

const like = new DatabaseSync(':memory:')
like.exec('create table film (id text primary key, title text, description text, owner text, tag text) strict')
const insert = like.prepare('insert into film values (?, ?, ?, ?, ?)')
like.exec('begin')
for (const film of films) insert.run(film.id, film.title, film.description, film.owner, film.tags[0] ?? '')
like.exec('commit')
const select = like.prepare('select id from film where title like ? or description like ? or owner like ? or tag like ?')

const everything = () => true
const seek = (q: string) => index.find([q], everything)
function timed(act: () => unknown): number {
  const start = performance.now()
  act()
  return performance.now() - start
}

/** Two characters as they stand in titles, by how many films have them. */
const pairs = [
  ...new Set(rows.slice(0, 4000).flatMap(({ title }) => [...title].slice(1).map((character, i) => `${[...title][i]}${character}`))),
]
const sized = pairs.slice(0, 3000).map((q) => ({ q, hits: seek(q).length }))
const within = (least: number, most: number) => sized.filter(({ hits }) => hits >= least && hits < most).slice(0, 200)
function figuresOf(queries: readonly { q: string; hits: number }[]): { p99Ms: number; hits: number } {
  const times = queries.flatMap(({ q }) => [timed(() => seek(q)), timed(() => seek(q)), timed(() => seek(q))])
  return { p99Ms: times.length === 0 ? Number.NaN : quantile(times, 0.99), hits: Math.max(0, ...queries.map(({ hits }) => hits)) }
}

const single = commonCharacters.slice(0, 40).map((q) => ({ q, hits: seek(q).length }))
const rare = within(1, 500)
const ratios: number[] = []
let found = 0
let scanned = 0
for (const { q } of [...rare.slice(0, 40), ...single.slice(0, 10)]) {
  const pattern = `%${q}%`
  let ids: unknown[] = []
  const likeMs = timed(() => (ids = select.all(pattern, pattern, pattern, pattern)))
  const ours = Math.min(
    timed(() => seek(q)),
    timed(() => seek(q)),
  )
  if (seek(q).length < 500) ratios.push(likeMs / ours)
  const mine = new Set(seek(q).map(({ film }) => film.id))
  scanned += ids.length
  found += ids.filter((row) => mine.has((row as { id: string }).id)).length
}

const initialsOf = (text: string) => [...text].map((character) => chinese.readings(character)[0]?.charAt(0) ?? '').join('')
const typed = rows
  .slice(0, 100)
  .map(({ title }) => ({ q: initialsOf(title).slice(0, 4), hits: 0 }))
  .filter(({ q }) => q.length === 4)
const pinyin = figuresOf(typed.map(({ q }) => ({ q, hits: seek(q).length })))

const figures = {
  ...{ films: count, builtMs, heapMiB },
  rare: figuresOf(rare),
  middling: figuresOf([...within(500, 5001), ...single.filter(({ hits }) => hits >= 500 && hits <= 5000)]),
  common: figuresOf([...within(5001, count + 1), ...single.filter(({ hits }) => hits > 5000)]),
  ...{ pinyin, timesLike: quantile(ratios, 0.5), recall: scanned === 0 ? Number.NaN : found / scanned },
}
console.log(JSON.stringify(figures))
