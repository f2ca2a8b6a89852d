import { Problem } from '#server/lib/problem.ts'
import { decodersOf } from '#server/media/command/decoders.ts'
import { openRoom } from '#server/media/plan/make-plan.ts'
import { makeInsistently, type Quarantined } from '#server/media/run/insist.ts'
import { makeStandIn } from '#server/media/run/stand-in.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { onePiece } from '#server/lib/one-piece.ts'
import type { Arrivals } from './arrivals.ts'
import { demandSpace, demandTools } from './demands.ts'
import { cellName, standInName } from './names.ts'
import type { FilmRun } from './runs.ts'
import type { Sources } from './sources.ts'
import type { FilmKey, PlannedFilm } from './store.ts'

export type RunParts = { blobs: Blobs; sources: Pick<Sources, 'open'>; seal: Seal; arrivals: Pick<Arrivals, 'tell'> }
export type RunTask = { key: FilmKey; film: PlannedFilm; run: FilmRun; blob: string; signal: AbortSignal }
export type RunOutcome = { made: number; quarantined: Quarantined[] }

/** Makes what is missing of a run. Answers what can not be made, and why: in its place there is black, or silence. */
export async function makeRun(parts: RunParts, task: RunTask): Promise<RunOutcome> {
  const { key, film, run, blob, signal } = task
  const missing = await missingOf(parts.blobs, task)
  if (!missing) return { made: 0, quarantined: [] }
  await demandSpace(parts.blobs)
  await using source = await parts.sources.open(blob, signal)
  await using room = await openRoom()
  let made = 0
  const outcome = await makeInsistently(
    {
      seal: parts.seal,
      plan: film.plan,
      facts: new Map(film.rows.map((row) => [row.name, row.facts])),
      source: source.path,
      reach: source.reach,
      folder: room.folder,
      signal,
      made: async ({ row, cell, bytes }) => {
        made++
        await publish(parts, cellName(key, row, cell), bytes, signal)
      },
    },
    { ...missing, leadS: 0.25, threads: run.isIdle ? 1 : 0, isIdle: run.isIdle, decoders: decodersOf(film.probe) ?? [] },
  )
  if (outcome.state === 'aborted') throw signal.reason
  // Of a source that is still on its way nothing is held against anybody.
  if (outcome.state === 'made' || !source.isWhole) return { made, quarantined: [] }
  // Not the film's fault: without its source, tools or space nothing can be made of any.
  if (!(await parts.blobs.find(blob))) throw new Problem('not_found', 'blobs.not_found')
  await demandTools(parts.seal, signal)
  await demandSpace(parts.blobs)
  const quarantined = await stillMissing(parts.blobs, key, outcome.cells)
  for (const fault of quarantined) await putStandIn(parts, task, fault)
  return { made, quarantined }
}

/** A published cell never changes: whoever comes second leaves the first one's. */
async function publish({ blobs, arrivals }: RunParts, name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (!(await blobs.find(name))) await blobs.write(name, onePiece(bytes), { expect: { size: bytes.length }, contentType: 'video/mp4' })
  await arrivals.tell(name)
}

async function putStandIn(parts: RunParts, { key, film, signal }: RunTask, { row, cell }: Quarantined): Promise<void> {
  const facts = film.rows.find(({ name }) => name === row)?.facts
  const name = standInName(key, row, cell)
  if (!facts || (await parts.blobs.find(name))) return
  const bytes = await makeStandIn(parts.seal, { plan: film.plan, facts, row, cell }, signal)
  await parts.blobs.write(name, onePiece(bytes), { expect: { size: bytes.length }, contentType: 'video/mp4' })
  await parts.arrivals.tell(cellName(key, row, cell))
}

async function stillMissing(blobs: Blobs, key: FilmKey, cells: readonly Quarantined[]): Promise<Quarantined[]> {
  const found = await Promise.all(cells.map(({ row, cell }) => blobs.find(cellName(key, row, cell))))
  return cells.filter((_, i) => !found[i])
}

/** The rows that lack a cell of the run, and from the first to the last that one of them lacks. */
async function missingOf(blobs: Blobs, { key, film, run }: RunTask): Promise<Pick<FilmRun, 'rows' | 'cells'> | undefined> {
  const rows: string[] = []
  const lacking: number[] = []
  for (const row of run.rows) {
    const given = film.rows.find(({ name }) => name === row)?.quarantined ?? {}
    const cells = (await lackingOf(blobs, key, { row, run })).filter((cell) => !(cell in given))
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
