import { openRoom } from '#server/media/plan/make-plan.ts'
import { makeCells, type RunEnd } from '#server/media/run/make-cells.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { cellName } from './names.ts'
import type { FilmRun } from './runs.ts'
import { one, openSource } from './source.ts'
import type { FilmKey, PlannedFilm } from './store.ts'

/** How long before its first frame a run begins to decode. A place that is hard to seek needs more; what fails with all of them is given up. */
const leadsS = [0.25, 3, 10]

export type RunParts = { blobs: Blobs; seal: Seal }
export type RunTask = { key: FilmKey; film: PlannedFilm; run: FilmRun; blob: string; signal: AbortSignal }
export type Fault = RunEnd['faults'][number]

/** Makes what is missing of a run. Answers what could not be made, and why. */
export async function makeRun(parts: RunParts, task: RunTask): Promise<Fault[]> {
  const { key, film, run, blob, signal } = task
  let missing = await missingOf(parts.blobs, key, run)
  if (!missing) return []
  await using source = await openSource(parts.blobs, blob, signal)
  const reasons = new Map<string, string>()
  for (const leadS of leadsS) {
    await using room = await openRoom()
    const facts = new Map(film.rows.map((row) => [row.name, row.facts]))
    const { end, faults } = await makeCells(
      {
        seal: parts.seal,
        plan: film.plan,
        facts,
        source: source.path,
        folder: room.folder,
        signal,
        made: ({ row, cell, bytes }) => publish(parts.blobs, cellName(key, row, cell), bytes),
      },
      { ...missing, leadS, threads: run.isIdle ? 1 : 0, isIdle: run.isIdle, decoders: [] },
    )
    if (end.state === 'aborted') throw signal.reason
    for (const { row, cell, why } of faults) reasons.set(`${row}/${cell}`, `${why} ${end.log}`.trim())
    missing = await missingOf(parts.blobs, key, run)
    if (!missing) return []
  }
  return await faultsOf(parts.blobs, key, run, reasons)
}

/** A published cell never changes: whoever comes second leaves the first one's. */
async function publish(blobs: Blobs, name: string, bytes: Uint8Array): Promise<void> {
  if (await blobs.find(name)) return
  await blobs.write(name, one(bytes), { expect: { size: bytes.length }, contentType: 'video/mp4' })
}

/** The rows that lack a cell of the run, and from the first to the last that one of them lacks. */
async function missingOf(blobs: Blobs, key: FilmKey, run: FilmRun): Promise<Pick<FilmRun, 'rows' | 'cells'> | undefined> {
  const rows: string[] = []
  const lacking: number[] = []
  for (const row of run.rows) {
    const cells = await lackingOf(blobs, key, { row, run })
    if (cells.length > 0) rows.push(row)
    lacking.push(...cells)
  }
  return rows.length === 0 ? undefined : { rows, cells: { start: Math.min(...lacking), end: Math.max(...lacking) + 1 } }
}

async function lackingOf(blobs: Blobs, key: FilmKey, { row, run }: { row: string; run: FilmRun }): Promise<number[]> {
  const cells = Array.from({ length: run.cells.end - run.cells.start }, (_, i) => run.cells.start + i)
  const found = await Promise.all(cells.map((cell) => blobs.find(cellName(key, row, cell))))
  return cells.filter((_, i) => !found[i])
}

async function faultsOf(blobs: Blobs, key: FilmKey, run: FilmRun, reasons: ReadonlyMap<string, string>): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const row of run.rows)
    for (const cell of await lackingOf(blobs, key, { row, run }))
      faults.push({ row, cell, why: reasons.get(`${row}/${cell}`) ?? 'did not appear' })
  return faults
}
