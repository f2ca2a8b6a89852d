import { createAhead } from '../../../server/features/streaming/ahead.ts'
import { type FilmRun, runsOf, servedRun } from '../../../server/features/transcoding/runs.ts'
import { videoCells } from '../../../server/media/plan/cells.ts'
import type { Plan, VideoPlan } from '../../../server/media/plan/plan.ts'

/** CPU of a run of one row: to begin it, and for each of its cells; and of one cell of all rows in a run of the whole. */
export type Costs = { rows: ReadonlyMap<string, { beginMs: number; cellMs: number }>; wholeMs: number }

type FilmPlan = Plan & { video: VideoPlan }
type Watched = { ratio: number; watchedMinutes: number; runs: number }

/** Who asks for a cell that is not there is given that one and the next. */
const servedCells = 2

/**
 * Two thousand viewings of two hundred films, few of them popular (Zipf), most broken off: what `auto` makes of them in its promise, for those who wait
 * and ahead of those who watch, ordered by the same code as in the house, against everything at once. What is ordered ahead and never seen is paid as
 * well. The costs are measured, the viewings are drawn from seeded dice.
 */
export function cpuByDemand(plan: FilmPlan, costs: Costs): Watched {
  const random = seeded(11)
  const films = Array.from({ length: 200 }, (_, place) => openFilm(lengthened(plan, 60 + Math.floor(random() ** 2 * 7140)), costs, place))
  // A tenth of the films has nine tenths of the viewers.
  const weights = films.map((_, place) => (place + 1) ** -1.5)
  const sum = weights.reduce((all, weight) => all + weight, 0)
  let watchedS = 0
  for (let viewing = 0; viewing < 2000; viewing++) {
    let at = random() * sum
    const film = films[weights.findIndex((weight) => (at -= weight) <= 0)] ?? films[0]
    // Half of them leave in the first quarter; most lines bear a good row.
    watchedS += film?.watch(random() ** 2, Math.sqrt(random())) ?? 0
  }
  const [spentMs, runs] = [films.reduce((all, film) => all + film.spent().ms, 0), films.reduce((all, film) => all + film.spent().runs, 0)]
  return { ratio: spentMs / films.reduce((all, film) => all + film.wholeMs, 0), watchedMinutes: watchedS / 60, runs }
}

function openFilm(plan: FilmPlan, costs: Costs, place: number) {
  const cells = videoCells(plan.video)
  const cellS = plan.durationMs / 1000 / cells
  const rows = plan.video.rows.map(({ name }) => name)
  const made = new Set<string>()
  let [ms, runs] = [0, 0]

  /** As a worker does: of a run from the first cell that is not there to the last. */
  function make(run: FilmRun | undefined): void {
    for (const row of run?.rows ?? []) {
      const lacking = numbers(run?.cells ?? { start: 0, end: 0 }).filter((cell) => !made.has(`${row}/${cell}`))
      if (lacking.length === 0) continue
      const span = { start: Math.min(...lacking), end: Math.max(...lacking) + 1 }
      const { beginMs = 0, cellMs = 0 } = costs.rows.get(row) ?? {}
      ms += beginMs + (span.end - span.start) * cellMs
      runs++
      for (const cell of numbers(span)) made.add(`${row}/${cell}`)
    }
  }

  const ahead = createAhead(async ({ row, cells: next }) => make(servedRun(plan, [row], next)))
  make(runsOf(plan, 'auto').runs[0])
  return {
    wholeMs: cells * costs.wholeMs,
    spent: () => ({ ms, runs }),
    /** A part of it from the beginning, in a row; answers how many seconds. */
    watch(part: number, quality: number): number {
      const row = rows[Math.floor(quality * rows.length)] ?? ''
      const seenS = (plan.durationMs / 1000) * part
      for (let cell = 0; cell < Math.min(cells, Math.ceil(seenS / cellS)); cell++) {
        if (!made.has(`${row}/${cell}`)) make(servedRun(plan, [row], { start: cell, end: cell + servedCells }))
        ahead.passes({ videoId: String(place), generation: 1, row, cell, cells })
      }
      return seenS
    },
  }
}

const numbers = ({ start, end }: { start: number; end: number }) => Array.from({ length: end - start }, (_, place) => start + place)

function lengthened(plan: FilmPlan, lengthS: number): FilmPlan {
  const frames = Math.round((plan.video.frames / plan.durationMs) * 1000 * lengthS)
  return { ...plan, durationMs: lengthS * 1000, video: { ...plan.video, frames } }
}

function seeded(seed: number): () => number {
  let state = seed * 7919
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}
