import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { coverWords, type Still, sheetWords, stillFile, stillWords } from '../command/pictures.ts'
import { openRoom } from '../plan/make-plan.ts'
import type { Plan, VideoPlan } from '../plan/plan.ts'
import { runLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool } from '../tool/tool.ts'
import { encodeMoving, encodeSheet, type Picture } from './picture.ts'
import { type Size, type Storyboard, within } from './storyboard-plan.ts'
import { worthOf } from './worth.ts'

export type FilmSource = { plan: Plan; source: string; isIdle?: boolean }

const posterSide = 1280
/** Where a picture is looked for that stands for the film, of its length. */
export const posterPlaces: readonly number[] = [0.1, 0.2, 0.32, 0.45, 0.6]

/**
 * The picture that stands for a film: the frame at a chosen moment, else the one of five with most to see. Undefined: a film without pictures, or
 * none that could be decoded.
 */
export async function takePoster(
  seal: Seal,
  film: FilmSource & { atS?: number },
  signal: AbortSignal,
): Promise<{ atS: number; picture: Picture } | undefined> {
  const { video } = film.plan
  const top = video?.rows.at(-1)
  if (!video || !top) return undefined
  const size = within(top, posterSide)
  if (film.atS !== undefined) {
    const lastS = Math.max(0, film.plan.durationMs / 1000 - 1.5 * (video.rate.den / video.rate.num))
    const atS = Math.min(film.atS, lastS)
    const picture = await takeStills(seal, film, { video, size, atS, count: 1, perSecond: 1, isKey: false }, signal)
    return picture && { atS, picture }
  }
  let best: { atS: number; picture: Picture; worth: number } | undefined
  for (const place of posterPlaces) {
    const atS = (film.plan.durationMs / 1000) * place
    const picture = await takeStills(seal, film, { video, size, atS, count: 1, perSecond: 1, isKey: true }, signal)
    const worth = picture ? worthOf(picture) : 0
    if (picture && (!best || worth > best.worth)) best = { atS, picture, worth }
  }
  return best
}

/** The cover that a sound brings with it, in a square. */
export async function takeCover(seal: Seal, film: { source: string; stream: number }, signal: AbortSignal): Promise<Picture | undefined> {
  const size = { width: 640, height: 640 }
  return await take(seal, { source: film.source, words: coverWords(film.stream, size), size, filmS: 1 }, signal)
}

/** One sheet of the storyboard, as WebP. Undefined: it could not be made. */
export async function takeSheet(
  seal: Seal,
  film: FilmSource & { board: Storyboard; sheet: number },
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const { board, plan, sheet } = film
  const { video } = plan
  const span = board.sheets[sheet]
  if (!video || !span) return undefined
  const size = { width: board.size.width * board.columns, height: board.size.height * span.rows }
  const words = sheetWords({ ...plan, video }, board, sheet)
  const picture = await take(seal, { ...film, words, size, filmS: (span.end - span.start + 1) * board.intervalS, plan }, signal)
  return picture && (await encodeSheet(picture))
}

const moving = { side: 320, frames: 6, perSecond: 6, moments: [0.15, 0.4, 0.65, 0.85] }

/** A few seconds out of the whole film, without sound, as an animated WebP. */
export async function takePreview(seal: Seal, film: FilmSource, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const { video, durationMs } = film.plan
  const top = video?.rows.at(-1)
  if (!video || !top) return undefined
  const { frames, perSecond } = moving
  const size = within(top, moving.side)
  const parts: Uint8Array[] = []
  for (const place of moving.moments) {
    const atS = (durationMs / 1000) * place
    const still = { video, size, atS, count: frames, perSecond, isKey: false }
    const part = await takeStills(seal, film, still, signal)
    if (part) parts.push(part.rgb)
  }
  const count = parts.length * frames
  if (count === 0) return undefined
  const rgb = Buffer.concat(parts)
  return await encodeMoving({ rgb, width: size.width, height: size.height * count }, count, Math.round(1000 / perSecond))
}

async function takeStills(seal: Seal, film: FilmSource, still: Still, signal: AbortSignal): Promise<Picture | undefined> {
  const size = { width: still.size.width, height: still.size.height * still.count }
  return await take(seal, { ...film, words: stillWords(still), size, filmS: 20 }, signal)
}

type Taking = {
  source: string
  words: readonly string[]
  size: Size
  filmS: number
  plan?: { video: VideoPlan | undefined }
  isIdle?: boolean
}

async function take(seal: Seal, { source, words, size, filmS, plan, isIdle = false }: Taking, signal: AbortSignal) {
  await using room = await openRoom()
  const top = plan?.video?.rows.at(-1) ?? { width: 1920, height: 1080 }
  const limits = runLimits({ filmS, width: top.width, height: top.height, rows: 1 })
  const end = await runTool(seal, { program: 'ffmpeg', words, folder: room.folder, source, limits, isIdle, signal })
  if (end.state === 'aborted') throw signal.reason
  const rgb = await readFile(join(room.folder, stillFile)).catch(() => undefined)
  // Fewer points than promised: the film ended, or could not be decoded there.
  return rgb?.length === size.width * size.height * 3 ? { ...size, rgb } : undefined
}
