import { join } from 'node:path'
import { type Bench, row, runScript } from './frame.ts'

const folder = join(import.meta.dirname, 'search')

type Figures = {
  films: number
  builtMs: number
  heapMiB: number
  rare: { p99Ms: number; hits: number }
  middling: { p99Ms: number; hits: number }
  common: { p99Ms: number; hits: number }
  pinyin: { p99Ms: number; hits: number }
  timesLike: number
  recall: number
}

export const bench: Bench = {
  name: 'search',
  about: 'search among 100,000 films in memory, against LIKE over the same rows in SQLite; every answer compared with a scan',
  async run({ short, say }) {
    const options = { args: [short ? '20000' : '100000'], nodeFlags: ['--expose-gc'] }
    const { answer: figures } = await runScript<Figures>(join(folder, 'films.ts'), options)
    say(`${figures.films} films, index made in ${Math.round(figures.builtMs)} ms, ${Math.round(figures.heapMiB)} MiB`)
    return [
      row('two characters, below 500 hits, × faster than LIKE', figures.timesLike, { atLeast: 50 }, { note: `${figures.rare.hits} hits` }),
      row('the same, p99', figures.rare.p99Ms, { atMost: 20 }, { unit: 'ms' }),
      row('up to 5,000 hits, p99', figures.middling.p99Ms, { atMost: 20 }, { unit: 'ms', note: `${figures.middling.hits} hits` }),
      row('more hits, p99', figures.common.p99Ms, { atMost: 100 }, { unit: 'ms', note: `${figures.common.hits} hits` }),
      row('initials, p99', figures.pinyin.p99Ms, { atMost: 20 }, { unit: 'ms', note: `${figures.pinyin.hits} hits` }),
      row('of what a scan finds is found', figures.recall, { atLeast: 1 }),
    ]
  },
}
