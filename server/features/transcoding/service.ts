import { buffer } from 'node:stream/consumers'
import type { Videos } from '#server/features/videos/index.ts'
import { Problem } from '#server/lib/problem.ts'
import { chaptersOf } from '#server/media/plan/chapters.ts'
import type { Plan } from '#server/media/plan/plan.ts'
import { readOriginal } from '#server/media/original/read-original.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Tasks } from '#server/ports/tasks.ts'
import type { Arrivals } from './arrivals.ts'
import { createAwaiting } from './await-cell.ts'
import type { Growing } from './growing.ts'
import { NotArrived } from './growing-source.ts'
import { makeRun, type RunOutcome } from './make-run.ts'
import type { Makers } from './makers.ts'
import { filmPrefix, planName } from './names.ts'
import { planFilm } from './plan-film.ts'
import { cellsWithin, type FilmRun, type Policy, runsOf, servedRun } from './runs.ts'
import type { Sources } from './sources.ts'
import type { FilmKey, PlannedFilm, TranscodingStore } from './store.ts'
import { whileWanted } from './wanted.ts'

export type TranscodingParts = {
  store: TranscodingStore
  videos: Pick<Videos, 'grew'>
  blobs: Blobs
  sources: Pick<Sources, 'open'>
  growing: Growing
  tasks: Tasks
  clock: Clock
  log: Log
  arrivals: Arrivals
  openSeal: () => Promise<Seal>
  makers: Makers
  policy: () => Policy
}

export type TranscodingService = ReturnType<typeof createTranscodingService>
export type Work = FilmKey & { attempt: number; signal: AbortSignal }
type Served = FilmKey & { rows: readonly string[]; cells: { start: number; end: number }; signal: AbortSignal }

/** What fails so often, and not for want of tools or space, will not be better the next time. */
const tries = 5
const isPassing = (error: unknown) => error instanceof Problem

export function createTranscodingService(parts: TranscodingParts) {
  const { store, videos, blobs, growing, clock, log } = parts

  /** Its source is the present one of a video that is there, or on its way; undefined: the task has nothing to do any more. */
  async function sourceOf(key: FilmKey): Promise<{ blob: string; size: number; state: string } | undefined> {
    const video = await store.findSource(key.videoId)
    const onItsWay = video?.state === 'uploading' ? await growing.find(key) : undefined
    if (onItsWay) return { blob: onItsWay.blob, size: onItsWay.size, state: 'uploading' }
    if (video?.generation !== key.generation || video.source_blob === null) return undefined
    return { blob: video.source_blob, size: video.source_size ?? 0, state: video.state }
  }

  const wanted = (key: FilmKey, signal: AbortSignal) => ({ clock, signal, isWanted: async () => (await sourceOf(key)) !== undefined })

  async function fail(key: FilmKey, code: string, text: string): Promise<void> {
    log.warn('transcoding.film_failed', { ...key, code, text })
    await videos.grew({ ...key, state: 'failed', failure: { code, log: text } })
  }

  /** Asked beside the planning: nobody waits for it. */
  function ownMaker(signal: AbortSignal): Promise<string> {
    const maker = parts.makers.own(signal)
    maker.catch(() => {})
    return maker
  }

  async function planNew(key: FilmKey, blob: string, { attempt, signal }: Work): Promise<void> {
    const seal = await parts.openSeal()
    const maker = ownMaker(signal)
    const planning = await planFilm({ blobs, sources: parts.sources, seal }, { key, blob, isLastTry: attempt >= tries, signal })
    if (planning.state === 'refused') return await fail(key, planning.code, planning.log)
    await store.addFilm(key, { ...planning.film, policy: parts.policy(), maker: await maker, nowMs: clock.now() })
    await parts.arrivals.tell(planName(key))
  }

  /** Whose plan it is to follow: it may be told twice. */
  async function oweWork(key: FilmKey, { plan, policy }: PlannedFilm): Promise<void> {
    const [first] = runsOf(plan, policy).runs
    await store.owe(...(first ? [await fillTask(key, 0, first)] : []), ...dressTasks(key))
  }

  /** A film that was planned while it arrived is taken over. */
  async function planArrived(key: FilmKey, source: { blob: string; size: number; state: string }, work: Work): Promise<void> {
    const known = await growing.arrived(key, source.blob)
    if (known === 'again') return
    const isPlanned = (await store.findFilm(key)) !== undefined
    if (source.state === 'processing') await offerOriginal(key, source)
    if (!isPlanned) await planNew(key, source.blob, work)
    const film = await store.findFilm(key)
    if (film) await oweWork(key, film)
    if (known === 'kept') await growing.forget(key.videoId)
  }

  /** What can not be read yet may be when it is whole: nothing is held against it. */
  async function planGrowing(key: FilmKey, blob: string, signal: AbortSignal): Promise<void> {
    const maker = ownMaker(signal)
    const planning = await planFilm(
      { blobs, sources: parts.sources, seal: await parts.openSeal() },
      { key, blob, isLastTry: false, signal },
    )
    if (planning.state === 'refused') return
    await store.addFilm(key, { ...planning.film, policy: parts.policy(), maker: await maker, nowMs: clock.now() })
    await parts.arrivals.tell(planName(key))
  }

  /** What every browser plays as it is can be watched before anything is made of it. */
  async function offerOriginal(key: FilmKey, { blob, size }: { blob: string; size: number }): Promise<void> {
    const readAt = async (start: number, length: number) =>
      start >= size ? new Uint8Array() : await buffer(blobs.read(blob, { range: { start, end: Math.min(size, start + length) } }))
    // Whatever stands in the way is looked at by who plans the film.
    const original = await readOriginal(readAt, size).catch(() => undefined)
    const rows = original ? [...(original.picture ? [original.picture] : []), ...original.sounds] : []
    if (!original || rows.length === 0 || original.hasOtherSounds || !rows.every(({ isUniversal }) => isUniversal)) return
    const { width, height } = original.picture ?? {}
    const facts = { durationMs: Math.round(original.durationS * 1000), ...(width && height ? { width, height } : {}) }
    await videos.grew({ ...key, state: 'playable', facts })
  }

  async function fillTask(key: FilmKey, run: number, { atS, isIdle }: FilmRun) {
    const before = Math.min(1000, await store.countBefore(key.videoId))
    // First columns of new films before last columns of old ones; and a person's films one after the other, so that another's first comes between.
    const priority = (isIdle ? -Math.round(atS / 60) : 100) - 30 * before
    return { kind: 'transcoding.fill', key: `${key.videoId}/${key.generation}`, payload: { ...key, run }, priority }
  }

  async function make(task: { key: FilmKey; film: PlannedFilm; run: FilmRun; blob: string; signal: AbortSignal }): Promise<RunOutcome> {
    const { key, film, blob } = task
    await parts.makers.demandOwn(key, film, task.signal)
    const outcome = await makeRun(
      { blobs, sources: parts.sources, seal: await parts.openSeal(), arrivals: parts.arrivals },
      { ...task, blob: film.cutBlob ?? blob },
    )
    if (outcome.quarantined.length === 0) return outcome
    const faults = outcome.quarantined.map(({ row, cell, why, log: said }) => ({ row, cell, why: `${why} ${said}`.trim() }))
    log.warn('transcoding.cells_not_made', { ...key, faults })
    await store.quarantine(key, faults)
    return outcome
  }

  /** Of a source that is still on its way the first of these cells, as many as can be made of what is here. */
  async function makeHere(task: Parameters<typeof make>[0]): Promise<void> {
    const { start, end } = task.run.cells
    try {
      await make(task)
    } catch (error) {
      if (!(error instanceof NotArrived)) throw error
      if (end - start > 1) await makeHere({ ...task, run: { ...task.run, cells: { start, end: start + Math.ceil((end - start) / 2) } } })
    }
  }

  /** A source that is gone is no reason to try for ever. */
  async function bear(key: FilmKey, blob: string, error: unknown, attempt: number): Promise<void> {
    const isSourceGone = error instanceof Problem && error.code === 'blobs.not_found' && !(await blobs.find(blob))
    if (isSourceGone) return await fail(key, 'media.source_missing', blob)
    if (isPassing(error) || attempt < tries) throw error
    log.error('transcoding.run_given_up', { ...key, error })
  }

  /** One run of the film: what it made, how long that took, and what comes then. */
  async function fillOne(key: FilmKey, film: PlannedFilm, { blob, number, signal }: { blob: string; number: number; signal: AbortSignal }) {
    const { runs, promised } = runsOf(film.plan, film.policy)
    const run = runs[number]
    if (!run) return
    const startedMs = clock.monotonicMs()
    const { made } = await make({ key, film, run, blob, signal })
    const [cellsDone, cellsPlanned] = [cellsWithin(runs, number + 1), cellsWithin(runs, runs.length)]
    const perCellS = made === 0 ? undefined : (clock.monotonicMs() - startedMs) / 1000 / made
    const secondsLeft = cellsDone === cellsPlanned ? 0 : perCellS && Math.ceil((cellsPlanned - cellsDone) * perCellS)
    const state = number + 1 === promised ? { state: 'ready' as const } : {}
    const isThere = await videos.grew({ ...key, cellsDone, ...state, ...(secondsLeft === undefined ? {} : { secondsLeft }) })
    if (!isThere) return await leaveNothing(key)
    const next = runs[number + 1]
    if (next) await store.owe(await fillTask(key, number + 1, next))
  }

  return {
    findFilm: (key: FilmKey): Promise<PlannedFilm | undefined> => store.findFilm(key),

    /** From a file to a film that can be played and sought anywhere. */
    async plan(work: Work): Promise<void> {
      const key = { videoId: work.videoId, generation: work.generation }
      const source = await sourceOf(key)
      if (!source || source.state === 'uploading') return
      try {
        await whileWanted(wanted(key, work.signal), async (signal) => {
          await planArrived(key, source, { ...work, signal })
        })
      } catch (error) {
        if (work.signal.aborted || isPassing(error) || work.attempt < tries) throw error
        return await fail(key, 'media.unknown', String(error))
      }
      const now = await sourceOf(key)
      if (!now) return await leaveNothing(key)
      const film = await store.findFilm(key)
      if (!film) return
      // Told again after a crash it may be further already.
      await videos.grew({ ...key, ...(now.state === 'processing' ? { state: 'playable' as const } : {}), ...figuresOf(film) })
    },

    /** Of a source that is still on its way: its plan, and the cells that a viewer gets first, as far as it is here. */
    async grow({ videoId, generation, signal }: FilmKey & { signal: AbortSignal }): Promise<void> {
      const key = { videoId, generation }
      const source = await sourceOf(key)
      if (source?.state !== 'uploading') return
      try {
        await whileWanted(wanted(key, signal), async (stop) => {
          if (!(await store.findFilm(key))) await planGrowing(key, source.blob, stop)
          const film = await store.findFilm(key)
          if (!film) return
          const { runs, promised } = runsOf(film.plan, 'auto')
          for (const run of runs.slice(0, promised)) await makeHere({ key, film, run, blob: source.blob, signal: stop })
        })
      } catch (error) {
        if (signal.aborted) throw error
        if (!(error instanceof NotArrived)) log.warn('transcoding.not_grown', { ...key, error })
      }
      if (!(await sourceOf(key))) await leaveNothing(key)
    },

    /** One run of the film; then the next one is owed, so that films take turns. */
    async fill(work: Work & { run: number }): Promise<void> {
      const key = { videoId: work.videoId, generation: work.generation }
      const source = await sourceOf(key)
      const film = source && (await store.findFilm(key))
      if (!film) return
      try {
        const isStill = await whileWanted(wanted(key, work.signal), (signal) =>
          fillOne(key, film, { blob: source.blob, number: work.run, signal }),
        )
        if (!isStill) await leaveNothing(key)
      } catch (error) {
        if (work.signal.aborted) throw error
        await bear(key, source.blob, error, work.attempt)
      }
    },

    /** Cells of viewers who wait, or will in a moment. Whoever still waits asks again: nothing is tried again by itself. */
    async serve({ videoId, generation, rows, cells, signal }: Served): Promise<void> {
      const key = { videoId, generation }
      const source = await sourceOf(key)
      const film = source && (await store.findFilm(key))
      const run = film && servedRun(film.plan, rows, cells)
      if (!run) return
      try {
        const isStill = await whileWanted(wanted(key, signal), async (stop) => {
          await makeHere({ key, film, run, blob: source.blob, signal: stop })
        })
        if (!isStill || !(await sourceOf(key))) await leaveNothing(key)
      } catch (error) {
        if (signal.aborted) throw error
        log.warn('transcoding.not_served', { ...key, rows: rows.join(' '), error })
      }
    },

    ...createAwaiting(parts),
  }

  /** [G6] What was planned or published after its video was thrown away, or its upload given up, would stay for ever. */
  async function leaveNothing(key: FilmKey): Promise<void> {
    const video = await store.findSource(key.videoId)
    const isGivenUp = video?.source_blob === null && (video.state === 'draft' || video.state === 'uploading')
    if (video && !isGivenUp) return
    await (video ? store.forgetGeneration(key) : store.forget(key.videoId))
    const { items } = await blobs.list(video ? filmPrefix(key) : `cells/${key.videoId}/`)
    await blobs.delete(items.map(({ name }) => name))
  }
}

function figuresOf({ plan, policy, probe }: PlannedFilm) {
  const { runs } = runsOf(plan, policy)
  return {
    facts: { ...factsOf(plan), chapters: chaptersOf(probe, plan).map(({ startMs, title }) => ({ startMs, title })) },
    cellsPlanned: cellsWithin(runs, runs.length),
  }
}

function factsOf(plan: Plan) {
  const top = plan.video?.rows.at(-1)
  return { durationMs: plan.durationMs, ...(top ? { width: top.width, height: top.height } : {}) }
}

function dressTasks(key: FilmKey) {
  const owed = { key: `${key.videoId}/${key.generation}`, payload: key }
  return [
    { kind: 'transcoding.poster', ...owed, priority: 500 },
    { kind: 'transcoding.dress', ...owed, priority: -10 },
  ]
}
