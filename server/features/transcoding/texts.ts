import { stat } from 'node:fs/promises'
import type { SubtitleStream } from '#server/media/plan/probe.ts'
import { takeTexts } from '#server/media/subtitles/extract.ts'
import { readSubtitles, toWebVtt } from '#server/media/subtitles/read-subtitles.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { onePiece } from '#server/lib/one-piece.ts'
import type { Sources } from './sources.ts'
import type { FilmKey, PlannedFilm } from './store.ts'
import type { TextRow } from './text-store.ts'

const nameOf = (videoId: string, generation: number, id: string, ending: string) => `texts/${videoId}/${generation}/${id}.${ending}`
const asTexts = { contentType: 'text/vtt' }

type Parts = { blobs: Blobs; sources: Pick<Sources, 'open'>; seal: Seal; newId: () => string; nowMs: () => number }

/** Texts that came inside the film. What shows letters as pictures is named, and can not be converted. */
export async function textsInside(
  { blobs, sources, seal, newId, nowMs }: Parts,
  { key, film, blob, signal }: { key: FilmKey; film: PlannedFilm; blob: string; signal: AbortSignal },
): Promise<TextRow[]> {
  const rows: TextRow[] = []
  if (film.probe.subtitles.length === 0) return rows
  await using source = await sources.open(blob, signal)
  await source.whole()
  const { size } = await stat(source.path)
  for (const [place, stream] of film.probe.subtitles.slice(0, 32).entries()) {
    const id = newId()
    const from = { source: source.path, sizeBytes: size, stream, origin: film.plan.origin }
    const bytes = stream.isText ? await takeTexts(seal, from, signal) : undefined
    const subtitles = bytes && readSubtitles(bytes)
    const isRead = subtitles?.state === 'read'
    const name = nameOf(key.videoId, key.generation, id, 'vtt')
    if (isRead) await blobs.write(name, onePiece(Buffer.from(toWebVtt(subtitles.cues))), asTexts)
    rows.push({ ...rowOf(key, stream), id, place, blob: isRead ? name : null, original: null, created_ms: nowMs() })
  }
  return rows
}

const rowOf = ({ videoId, generation }: FilmKey, { language, title, isText, isForced }: SubtitleStream) => ({
  video_id: videoId,
  generation,
  language,
  label: title === '' ? language : title,
  kind: isText ? 'subtitles' : 'picture',
  is_forced: isForced ? 1 : 0,
})

/** A file beside the film: understood here, kept as it came and as WebVTT. It stays when the film's source is replaced. */
export async function textBeside(
  { blobs, newId, nowMs }: Omit<Parts, 'seal' | 'sources'>,
  { videoId, bytes, language, label, id = newId() }: { videoId: string; bytes: Uint8Array; language: string; label: string; id?: string },
): Promise<{ state: 'kept'; row: TextRow } | { state: 'refused'; code: string }> {
  const subtitles = readSubtitles(bytes)
  if (subtitles.state === 'refused') return { state: 'refused', code: subtitles.code }
  const [blob, original] = [nameOf(videoId, 0, id, 'vtt'), nameOf(videoId, 0, id, 'original')]
  await blobs.write(original, onePiece(bytes), { contentType: 'application/octet-stream' })
  await blobs.write(blob, onePiece(Buffer.from(toWebVtt(subtitles.cues))), asTexts)
  const row = { id, video_id: videoId, generation: 0, place: 0, language, label, kind: 'subtitles', is_forced: 0, blob, original }
  return { state: 'kept', row: { ...row, created_ms: nowMs() } }
}

/** What was sent, up to the size that subtitles may have and one byte more. */
export async function readBounded(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    parts.push(part)
    size += part.length
    if (size > mostBytes) break
  }
  return Buffer.concat(parts)
}
