import { runsOf } from '../../../server/features/transcoding/runs.ts'
import { videoCells } from '../../../server/media/plan/cells.ts'
import type { Plan, VideoPlan } from '../../../server/media/plan/plan.ts'

/** CPU of one cell: of one row for somebody who waits, or of all rows in a run. */
export type Costs = { waitingMs: ReadonlyMap<string, number>; wholeMs: number }

/**
 * Two thousand viewings of two hundred films, few of them popular (Zipf), most broken off: what `auto` makes of them in its promise and for those who
 * wait, against everything at once. The costs are measured, the viewings are drawn from seeded dice.
 */
export function cpuByDemand(plan: Plan & { video: VideoPlan }, costs: Costs): { ratio: number; watchedMinutes: number } {
  const random = seeded(11)
  const films = Array.from({ length: 200 }, () => 60 + Math.floor(random() ** 2 * 7140))
  // A tenth of the films has nine tenths of the viewers.
  const weights = films.map((_, place) => (place + 1) ** -1.5)
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const cellS = plan.durationMs / 1000 / videoCells(plan.video)
  const rows = plan.video.rows.map(({ name }) => name)
  const made = films.map(() => new Set<string>())
  let [lazyMs, watchedS, eagerMs] = [0, 0, 0]
  for (const [film, lengthS] of films.entries()) {
    const whole = lengthened(plan, lengthS)
    eagerMs += videoCells(whole.video) * costs.wholeMs
    const [promise] = runsOf(whole, 'auto').runs
    for (let cell = 0; cell < (promise?.cells.end ?? 0); cell++) {
      made[film]?.add(`${rows[0]}/${cell}`)
      lazyMs += costs.waitingMs.get(rows[0] ?? '') ?? 0
    }
  }
  for (let viewing = 0; viewing < 2000; viewing++) {
    let at = random() * sum
    const film = weights.findIndex((weight) => (at -= weight) <= 0)
    const whole = lengthened(plan, films[film] ?? 60)
    // Half of them leave in the first quarter; most lines bear a good row.
    const seenS = (films[film] ?? 60) * random() ** 2
    const row = rows[Math.floor(Math.sqrt(random()) * rows.length)] ?? ''
    watchedS += seenS
    for (let cell = 0; cell < Math.min(videoCells(whole.video), Math.ceil(seenS / cellS)); cell++) {
      if (made[film]?.has(`${row}/${cell}`)) continue
      // Who waits gets this one and the next.
      lazyMs += make(made[film], row, [cell, Math.min(videoCells(whole.video) - 1, cell + 1)]) * (costs.waitingMs.get(row) ?? 0)
    }
  }
  return { ratio: lazyMs / eagerMs, watchedMinutes: watchedS / 60 }
}

/** How many of these were not there yet. */
function make(made: Set<string> | undefined, row: string, cells: readonly number[]): number {
  const names = [...new Set(cells)].map((cell) => `${row}/${cell}`).filter((name) => !made?.has(name))
  for (const name of names) made?.add(name)
  return names.length
}

function lengthened(plan: Plan & { video: VideoPlan }, lengthS: number) {
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
