import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { planFilm, readFilm } from '../plan/make-plan.ts'
import { type Plan, type Refusal, refusalCode } from '../plan/plan.ts'
import type { Probe } from '../plan/probe.ts'
import type { Seal } from '../tool/seal.ts'
import { filmOfPictures, isAnimatedPicture } from './animated-picture.ts'
import { isCutOff } from './cut-off.ts'
import { isNoMedia } from './no-media.ts'
import { realEndOf } from './real-end.ts'
import { repackage, type WhyRepackaged, whyRepackage } from './repackage.ts'

export type Prepared =
  | { state: 'ready'; plan: Plan; probe: Probe; path: string; remade: WhyRepackaged | 'pictures' | undefined }
  | { state: 'refused'; why: Refusal; code: ReturnType<typeof refusalCode>; log: string }

/**
 * From a file as it came to one that can be cut anywhere, and its plan. `path` is the source to make cells from: the file itself, or one in
 * `folder` that holds the same streams in a better order and must be kept (or made again) for every later run. Of a sparse file `bringWhole`
 * makes a whole one, where all of it is read.
 */
export async function prepareFilm(
  seal: Seal,
  film: { source: string; folder: string; isWhole?: boolean; bringWhole?: () => Promise<void> },
  signal: AbortSignal,
): Promise<Prepared> {
  const { source } = film
  await mkdir(film.folder, { recursive: true })
  if (await isNoMedia(source)) return refused('unreadable', 'It is empty, or begins as a text does.')
  if (await isAnimatedPicture(source)) return await preparePictures(seal, film, signal)
  const isWhole = film.isWhole !== false
  const [reading, endS] = await Promise.all([readFilm(seal, source, signal), isWhole ? realEndOf(seal, source, signal) : undefined])
  if (reading.state !== 'read') return refused(reading.why, reading.log)
  const isShort = isWhole && (await isCutOff(source))
  const why = isShort ? 'cut_off' : whyRepackage(reading.probe, endS)
  // What is refused anyway is not copied first.
  const refusal = planFilm(reading.probe)
  if (typeof refusal === 'string' && refusal !== 'no_duration') return refused(refusal, '')
  if (!why) return planned(reading.probe, source, undefined)
  await film.bringWhole?.()
  const copy = await repackage(seal, { source, probe: reading.probe, folder: film.folder }, signal)
  if (copy.state !== 'done') return refused('unreadable', copy.log)
  return await readAgain(seal, copy.path, why, signal)
}

async function preparePictures(seal: Seal, film: { source: string; folder: string }, signal: AbortSignal): Promise<Prepared> {
  const made = await filmOfPictures(seal, { source: film.source, path: join(film.folder, 'pictures.mkv'), folder: film.folder }, signal)
  if (made.state !== 'done') return refused('unreadable', made.log)
  return await readAgain(seal, made.path, 'pictures', signal)
}

async function readAgain(seal: Seal, path: string, remade: WhyRepackaged | 'pictures', signal: AbortSignal): Promise<Prepared> {
  const reading = await readFilm(seal, path, signal)
  if (reading.state !== 'read') return refused(reading.why, reading.log)
  return planned(reading.probe, path, remade)
}

function planned(probe: Probe, path: string, remade: WhyRepackaged | 'pictures' | undefined): Prepared {
  const plan = planFilm(probe)
  return typeof plan === 'string' ? refused(plan, '') : { state: 'ready', plan, probe, path, remade }
}

const refused = (why: Refusal, log: string): Prepared => ({ state: 'refused', why, code: refusalCode(why), log })
