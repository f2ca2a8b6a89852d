import { createReadStream } from 'node:fs'
import { codecOf } from '#server/media/cell/codec.ts'
import { decodersOf } from '#server/media/command/decoders.ts'
import { type Inits, makeInits, openRoom } from '#server/media/plan/make-plan.ts'
import type { Plan } from '#server/media/plan/plan.ts'
import { prepareFilm } from '#server/media/source/prepare.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { onePiece } from '#server/lib/one-piece.ts'
import { Problem } from '#server/lib/problem.ts'
import { demandSpace, demandTools } from './demands.ts'
import { cutName, initName } from './names.ts'
import { cellCounts } from './runs.ts'
import type { Sources } from './sources.ts'
import type { FilmKey, NewFilm, PlannedRow } from './store.ts'

export type Planning =
  | { state: 'planned'; film: Omit<NewFilm, 'policy' | 'maker' | 'nowMs'> }
  | { state: 'refused'; code: string; log: string }
type Work = { key: FilmKey; blob: string; isLastTry: boolean; signal: AbortSignal }

/** From a file to all that can be known and promised about its film. */
type Parts = { blobs: Blobs; sources: Pick<Sources, 'open'>; seal: Seal }

export async function planFilm({ blobs, sources, seal }: Parts, work: Work): Promise<Planning> {
  const { key, blob, signal } = work
  await demandSpace(blobs)
  await using source = await sources.open(blob, signal).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'blobs.not_found') return null
    throw error
  })
  if (!source) return { state: 'refused', code: 'media.source_missing', log: blob }
  await using room = await openRoom()
  const prepared = await prepareFilm(
    seal,
    { source: source.path, folder: room.folder, isWhole: source.isWhole, bringWhole: source.whole },
    signal,
  )
  if (prepared.state === 'refused') {
    await demandSound(prepared.log, { blobs, seal, work })
    return { state: 'refused', code: prepared.code, log: prepared.log }
  }
  const { plan, probe, path } = prepared
  if (!decodersOf(probe)) return { state: 'refused', code: 'media.codec', log: probe.video?.codec ?? probe.audio[0]?.codec ?? '' }
  // Tools are looked for when something has gone wrong: a film that arrives does not wait for that.
  const inits = await makeInits(seal, plan, signal).catch(async (error: unknown) => {
    await demandTools(seal, signal)
    throw error
  })
  const rows = await writeInits(blobs, { key, plan, inits })
  if (prepared.remade) await keepCopy(blobs, path, cutName(key), signal)
  return { state: 'planned', film: { plan, probe, rows, cutBlob: prepared.remade ? cutName(key) : null } }
}

const hasJudged = /Invalid data found when processing input|It is empty, or begins as a text does/

/** Only what is the file's own fault is held against it. */
async function demandSound(log: string, { blobs, seal, work }: { blobs: Blobs; seal: Seal; work: Work }): Promise<void> {
  // What has read the file and says so is there, and works.
  if (!hasJudged.test(log)) await demandTools(seal, work.signal)
  await demandSpace(blobs)
  if (!work.isLastTry && /^(?:stalled|overtime) /.test(log)) throw new Error(`The film could not be read in time: ${log}`)
}

async function writeInits(blobs: Blobs, { key, plan, inits }: { key: FilmKey; plan: Plan; inits: Inits }): Promise<PlannedRow[]> {
  const counts = cellCounts(plan)
  return await Promise.all(
    [...inits].map(async ([name, { bytes, facts }]): Promise<PlannedRow> => {
      await blobs.write(initName(key, name), onePiece(bytes), { expect: { size: bytes.length }, contentType: 'video/mp4' })
      const kind = plan.audio.some((row) => row.name === name) ? 'audio' : 'video'
      return { name, kind, cells: counts.get(name) ?? 0, facts, codec: codecOf(bytes), quarantined: {} }
    }),
  )
}

/** Every later run needs it, on whichever machine. */
async function keepCopy(blobs: Blobs, path: string, name: string, signal: AbortSignal): Promise<void> {
  const isTaken = await blobs.local?.adopt(path, name).then(
    () => true,
    // It lies on another file system.
    () => false,
  )
  if (!isTaken) await blobs.write(name, createReadStream(path), { signal })
}
