import { encodePoster, type Format, type Picture, thumbhashOf } from '#server/media/pictures/picture.ts'
import { planStoryboard, storyboardTrack } from '#server/media/pictures/storyboard-plan.ts'
import { posterPlaces, takeCover, takePoster, takePreview, takeSheet } from '#server/media/pictures/take-pictures.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { onePiece } from '#server/lib/one-piece.ts'
import type { Sources } from './sources.ts'
import type { FilmKey, Pictures, PlannedFilm } from './store.ts'

type Parts = { blobs: Blobs; sources: Pick<Sources, 'open'>; seal: Seal }
type Task = { key: FilmKey; film: PlannedFilm; blob: string; signal: AbortSignal }

/** Those that belong to no source of a film. */
export const ownPosters = (videoId: string) => prefix({ videoId, generation: 0 })
const prefix = ({ videoId, generation }: FilmKey) => `pictures/${videoId}/${generation}/`
export const posterName = (key: FilmKey, stamp: string, width: number, format: Format) => `${prefix(key)}${stamp}-${width}.${format}`
export const sheetName = (key: FilmKey, sheet: number) => `${prefix(key)}sheet-${sheet}.webp`
export const previewName = (key: FilmKey) => `${prefix(key)}preview.webp`

/** The frame at a moment; without one the best of some, or the cover of a sound. Undefined: there is nothing to see. */
export async function makePoster({ blobs, sources, seal }: Parts, task: Task & { atMs: number | undefined; stamp: string }) {
  const { key, film, blob, atMs, stamp, signal } = task
  await using source = await sources.open(film.cutBlob ?? blob, signal)
  const durationS = film.plan.durationMs / 1000
  for (const atS of atMs === undefined ? posterPlaces.map((place) => place * durationS) : [atMs / 1000])
    await source.reach(atS - 1, atS + 1)
  const at = atMs === undefined ? {} : { atS: atMs / 1000 }
  const poster = film.plan.video && (await takePoster(seal, { plan: film.plan, source: source.path, ...at }, signal))
  const { cover } = film.probe
  const picture: Picture | undefined =
    poster?.picture ??
    (cover === undefined || film.plan.video ? undefined : await takeCover(seal, { source: source.path, stream: cover }, signal))
  if (!picture) return undefined
  await writePoster(blobs, { key, stamp, picture })
  return { thumbhash: await thumbhashOf(picture), poster: { stamp, atMs: poster ? Math.round(poster.atS * 1000) : null } }
}

export async function writePoster(blobs: Pick<Blobs, 'write'>, { key, stamp, picture }: { key: FilmKey; stamp: string; picture: Picture }) {
  for (const { width, format, type, bytes } of await encodePoster(picture))
    await blobs.write(posterName(key, stamp, width, format), onePiece(bytes), { contentType: type })
}

/** The small pictures along the seek bar, and those that move on a card. Sheets that are there stay. */
export async function makeStoryboard({ blobs, sources, seal }: Parts, { key, film, blob, signal }: Task): Promise<Pictures> {
  const board = planStoryboard(film.plan)
  if (!board) return {}
  await using source = await sources.open(film.cutBlob ?? blob, signal)
  await source.whole()
  const at = { plan: film.plan, source: source.path, isIdle: true }
  for (const sheet of board.sheets.keys()) {
    if (await blobs.find(sheetName(key, sheet))) continue
    const bytes = await takeSheet(seal, { ...at, board, sheet }, signal)
    if (bytes) await blobs.write(sheetName(key, sheet), onePiece(bytes), { contentType: 'image/webp' })
  }
  const preview = await takePreview(seal, at, signal)
  if (preview) await blobs.write(previewName(key), onePiece(preview), { contentType: 'image/webp' })
  return { sheets: board.sheets.length, hasPreview: preview !== undefined }
}

/** Names sheets relative to itself. Undefined: there is nothing to see along the bar. */
export function storyboardOf({ plan }: Pick<PlannedFilm, 'plan'>, generation: number): string | undefined {
  const board = planStoryboard(plan)
  return board && storyboardTrack(board, plan.durationMs, (sheet) => `${generation}/sheets/${sheet}.webp`)
}
