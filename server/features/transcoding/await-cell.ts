import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import type { Arrivals } from './arrivals.ts'
import { cellName, planName, standInName } from './names.ts'
import type { FilmKey, PlannedFilm, TranscodingStore } from './store.ts'

type Parts = {
  store: Pick<TranscodingStore, 'quarantinedIn' | 'findFilm'>
  blobs: Pick<Blobs, 'find'>
  tasks: Pick<Tasks, 'add'>
  clock: Clock
  arrivals: Pick<Arrivals, 'listen'>
}
export type Wanted = FilmKey & { row: string; cell: number }
/** A stand-in may be replaced by the real cell one day; the real one never changes, unless it has rotted and is made again: another version. */
export type ReadyCell = { name: string; isStandIn: boolean; version: number }

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
    const cell = await blobs.find(name)
    if (cell) return { name, isStandIn: false, version: cell.modifiedMs }
    if (!(wanted.cell in (await store.quarantinedIn(wanted, wanted.row)))) return undefined
    const standIn = standInName(wanted, wanted.row, wanted.cell)
    const black = await blobs.find(standIn)
    return black && { name: standIn, isStandIn: true, version: black.modifiedMs }
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

  /** Looks at each word of it, and now and then unasked. */
  async function until<T>(
    name: string,
    { patienceMs, signal }: { patienceMs: number; signal: AbortSignal },
    look: () => Promise<T | undefined>,
    ask: () => Promise<void> = async () => {},
  ): Promise<T | undefined> {
    const there = await look()
    if (there !== undefined) return there
    const endMs = clock.monotonicMs() + patienceMs
    await using ear = await arrivals.listen(name)
    for (;;) {
      const heard = ear.heard()
      const found = await look()
      const leftMs = endMs - clock.monotonicMs()
      if (found !== undefined || leftMs <= 0) return found
      await ask()
      const over = new AbortController()
      const asked = clock.wait(Math.min(lookMs, leftMs), AbortSignal.any([signal, over.signal]))
      asked.catch(() => {})
      await Promise.race([heard, asked]).finally(() => over.abort())
    }
  }

  return {
    findReady,

    /** A film that is being planned is waited for. */
    async awaitFilm(wanted: FilmKey & { patienceMs: number; signal: AbortSignal }): Promise<PlannedFilm | undefined> {
      return await until(planName(wanted), wanted, () => store.findFilm(wanted))
    },

    /** Made now if it must be. Undefined: not within this time. */
    async awaitCell(wanted: Wanted & { patienceMs: number; signal: AbortSignal }): Promise<ReadyCell | undefined> {
      const name = cellName(wanted, wanted.row, wanted.cell)
      return await until(
        name,
        wanted,
        async () => await findReady(wanted),
        () => order(wanted),
      )
    },

    /** Cells that will be asked for next. A hint: it may be lost. */
    async expect({ videoId, generation, row, cells }: FilmKey & { row: string; cells: { start: number; end: number } }): Promise<void> {
      const key = `${videoId}/${generation}/${row}/${cells.start}+`
      await tasks.add('transcoding.ahead', { videoId, generation, rows: [row], cells }, { key, priority: aheadPriority })
    },
  }
}
