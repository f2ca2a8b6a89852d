import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import type { Arrivals } from './arrivals.ts'
import { cellName, standInName } from './names.ts'
import type { FilmKey, TranscodingStore } from './store.ts'

type Parts = {
  store: Pick<TranscodingStore, 'quarantinedIn'>
  blobs: Pick<Blobs, 'find'>
  tasks: Pick<Tasks, 'add'>
  clock: Clock
  arrivals: Pick<Arrivals, 'listen'>
}
export type Wanted = FilmKey & { row: string; cell: number }
/** A stand-in may be replaced by the real cell one day; the real one never changes. */
export type ReadyCell = { name: string; isStandIn: boolean }

/** Who waits comes before everything that nobody waits for; who will wait in a moment comes next. */
const waitingPriority = 10_000
const aheadPriority = 5000
/** Requests for several rows of one column that come together are one run: the film is decoded once. */
const gatherMs = 15
/** Words may be lost, and tasks too: both are asked for again. */
const lookMs = 2000

/** The side of those who play: cells are waited for, and what comes next is ordered before it is asked for. */
export function createAwaiting({ store, blobs, tasks, clock, arrivals }: Parts) {
  const gathering = new Map<string, { rows: Set<string>; ordered: Promise<void> }>()

  async function findReady(wanted: Wanted): Promise<ReadyCell | undefined> {
    const name = cellName(wanted, wanted.row, wanted.cell)
    if (await blobs.find(name)) return { name, isStandIn: false }
    if (!(wanted.cell in (await store.quarantinedIn(wanted, wanted.row)))) return undefined
    const standIn = standInName(wanted, wanted.row, wanted.cell)
    return (await blobs.find(standIn)) ? { name: standIn, isStandIn: true } : undefined
  }

  function order({ videoId, generation, row, cell }: Wanted): Promise<void> {
    const column = `${videoId}/${generation}/${row[0]}/${cell}`
    const known = gathering.get(column)
    if (known) {
      known.rows.add(row)
      return known.ordered
    }
    const rows = new Set([row])
    const ordered = clock.wait(gatherMs).then(async () => {
      gathering.delete(column)
      const payload = { videoId, generation, rows: [...rows].sort(), cells: { start: cell, end: cell + 2 } }
      await tasks.add('transcoding.serve', payload, { key: `${column}/${payload.rows.join('+')}`, priority: waitingPriority })
    })
    gathering.set(column, { rows, ordered })
    return ordered
  }

  return {
    findReady,

    /** Made now if it must be. Undefined: not within this time. */
    async awaitCell(wanted: Wanted & { patienceMs: number; signal: AbortSignal }): Promise<ReadyCell | undefined> {
      const there = await findReady(wanted)
      if (there) return there
      const untilMs = clock.monotonicMs() + wanted.patienceMs
      await using ear = await arrivals.listen(cellName(wanted, wanted.row, wanted.cell))
      for (;;) {
        const heard = ear.heard()
        const found = await findReady(wanted)
        const leftMs = untilMs - clock.monotonicMs()
        if (found || leftMs <= 0) return found
        await order(wanted)
        const over = new AbortController()
        const stop = AbortSignal.any([wanted.signal, over.signal])
        const asked = clock.wait(Math.min(lookMs, leftMs), stop)
        await Promise.race([heard, asked]).finally(() => over.abort())
        asked.catch(() => {})
      }
    },

    /** Cells that will be asked for next. A hint: it may be lost. */
    async expect({ videoId, generation, row, cells }: FilmKey & { row: string; cells: { start: number; end: number } }): Promise<void> {
      const key = `${videoId}/${generation}/${row}/${cells.start}+`
      await tasks.add('transcoding.ahead', { videoId, generation, rows: [row], cells }, { key, priority: aheadPriority })
    },
  }
}
