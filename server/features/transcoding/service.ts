import { Problem } from '#server/lib/problem.ts'
import { codecOf } from '#server/media/cell/codec.ts'
import { makeInits, openRoom, planFilm, readFilm } from '#server/media/plan/make-plan.ts'
import type { Plan } from '#server/media/plan/plan.ts'
import { probeLimits } from '#server/media/tool/limits.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import { runTool } from '#server/media/tool/tool.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import type { Videos } from '#server/features/videos/index.ts'
import { makeRun } from './make-run.ts'
import { cellName, initName } from './names.ts'
import { cellCounts, cellsWithin, type FilmRun, runsOf, waitingRun } from './runs.ts'
import { one, openSource } from './source.ts'
import type { FilmKey, PlannedFilm, PlannedRow, TranscodingStore } from './store.ts'

export type TranscodingParts = {
  store: TranscodingStore
  videos: Pick<Videos, 'grew'>
  blobs: Blobs
  tasks: Tasks
  clock: Clock
  log: Log
  openSeal: () => Promise<Seal>
}

export type TranscodingService = ReturnType<typeof createTranscodingService>
type Work = FilmKey & { signal: AbortSignal }

/** Who waits comes before everything that nobody waits for. */
const waitingPriority = 10_000
const lookMs = 100

export function createTranscodingService(parts: TranscodingParts) {
  const { store, videos, blobs, tasks, clock } = parts

  /** Its source is still the present one of a video that is there; undefined: the task has nothing to do any more. */
  async function blobOf({ videoId, generation }: FilmKey): Promise<string | undefined> {
    const video = await store.findSource(videoId)
    return video?.generation === generation ? (video.source_blob ?? undefined) : undefined
  }

  return {
    findFilm: (key: FilmKey): Promise<PlannedFilm | undefined> => store.findFilm(key),

    /** From a file to a film that can be played and sought anywhere. */
    async plan({ videoId, generation, signal }: Work): Promise<void> {
      const key = { videoId, generation }
      const blob = await blobOf(key)
      if (blob === undefined) return
      const seal = await parts.openSeal()
      await demandTools(seal, signal)
      if (!(await store.findFilm(key)) && !(await planNew(parts, { key, blob, seal, signal }))) return
      const film = await store.findFilm(key)
      // Told again after a crash it may be further already.
      const isNew = (await store.findSource(videoId))?.state === 'processing'
      if (film && isNew) await videos.grew({ ...key, state: 'playable', ...figuresOf(film.plan) })
    },

    /** One run of the film; then the next one is owed, so that films take turns. */
    async fill({ videoId, generation, run: number, signal }: Work & { run: number }): Promise<void> {
      const key = { videoId, generation }
      const blob = await blobOf(key)
      const film = blob === undefined ? undefined : await store.findFilm(key)
      if (!film || blob === undefined) return
      const { runs, promised } = runsOf(film.plan, film.policy)
      const run = runs[number]
      if (!run) return
      await make(parts, { key, film, run, blob, signal })
      const cellsDone = cellsWithin(runs, number + 1)
      const isThere = await videos.grew({ ...key, cellsDone, ...(number + 1 === promised ? { state: 'ready' } : {}) })
      const next = runs[number + 1]
      if (isThere && next) await store.owe(fillTask(key, number + 1, next))
    },

    /** Cells of a viewer who waits. */
    async serve({ videoId, generation, row, cell, signal }: Work & { row: string; cell: number }): Promise<void> {
      const key = { videoId, generation }
      const blob = await blobOf(key)
      const film = blob === undefined ? undefined : await store.findFilm(key)
      const run = film && waitingRun(film.plan, row, cell)
      if (run && blob !== undefined) await make(parts, { key, film, run, blob, signal })
    },

    /** The name of the cell's blob, made now if it must be. Undefined: not within this time. */
    async awaitCell(wanted: FilmKey & { row: string; cell: number; patienceMs: number; signal: AbortSignal }): Promise<string | undefined> {
      const { videoId, generation, row, cell } = wanted
      const name = cellName(wanted, row, cell)
      if (await blobs.find(name)) return name
      const untilMs = clock.monotonicMs() + wanted.patienceMs
      const options = { key: `${videoId}/${generation}/${row}/${cell}`, priority: waitingPriority }
      await tasks.add('transcoding.serve', { videoId, generation, row, cell }, options)
      while (clock.monotonicMs() < untilMs) {
        await clock.wait(lookMs, wanted.signal)
        if (await blobs.find(name)) return name
      }
      return undefined
    },
  }
}

async function make(parts: TranscodingParts, task: { key: FilmKey; film: PlannedFilm; run: FilmRun; blob: string; signal: AbortSignal }) {
  const faults = await makeRun({ blobs: parts.blobs, seal: await parts.openSeal() }, task)
  if (faults.length === 0) return
  parts.log.warn('transcoding.cells_not_made', { ...task.key, faults })
  await parts.store.quarantine(task.key, faults)
}

const fillTask = (key: FilmKey, run: number, { atS, isIdle }: FilmRun) => ({
  kind: 'transcoding.fill',
  key: `${key.videoId}/${key.generation}`,
  payload: { ...key, run },
  // First columns of new films before last columns of old ones.
  priority: isIdle ? -Math.round(atS / 60) : 100,
})

/** Without the tools nothing can be said about a film: it waits. */
async function demandTools(seal: Seal, signal: AbortSignal): Promise<void> {
  await using room = await openRoom()
  for (const program of ['ffprobe', 'ffmpeg'] as const) {
    const end = await runTool(seal, { program, words: ['-version'], folder: room.folder, limits: probeLimits, signal })
    if (end.state !== 'done') throw new Problem('unavailable', 'transcoding.no_ffmpeg', { cause: end.log })
  }
}

/** False: it can not become a film, and its owner has been told why. */
async function planNew(
  { store, videos, blobs, clock }: TranscodingParts,
  { key, blob, seal, signal }: { key: FilmKey; blob: string; seal: Seal; signal: AbortSignal },
): Promise<boolean> {
  await using source = await openSource(blobs, blob, signal)
  const reading = await readFilm(seal, source.path, signal)
  if (reading.state !== 'read') {
    await videos.grew({ ...key, state: 'failed', failure: { code: 'video.unreadable', log: reading.log } })
    return false
  }
  const plan = planFilm(reading.probe)
  if (typeof plan === 'string') {
    await videos.grew({ ...key, state: 'failed', failure: { code: `video.${plan}` } })
    return false
  }
  const inits = await makeInits(seal, plan, signal)
  const counts = cellCounts(plan)
  const rows: PlannedRow[] = []
  for (const [name, { bytes, facts }] of inits) {
    await blobs.write(initName(key, name), one(bytes), { expect: { size: bytes.length }, contentType: 'video/mp4' })
    const kind = plan.audio.some((row) => row.name === name) ? 'audio' : 'video'
    rows.push({ name, kind, cells: counts.get(name) ?? 0, facts, codec: codecOf(bytes) })
  }
  const { runs } = runsOf(plan, 'auto')
  const [first] = runs
  if (!first) return false
  await store.addFilm(key, { plan, policy: 'auto', rows, probe: reading.probe, nowMs: clock.now() }, fillTask(key, 0, first))
  return true
}

function figuresOf(plan: Plan) {
  const { runs } = runsOf(plan, 'auto')
  const top = plan.video?.rows.at(-1)
  const facts = { durationMs: plan.durationMs, ...(top ? { width: top.width, height: top.height } : {}) }
  return { facts, cellsPlanned: cellsWithin(runs, runs.length) }
}
