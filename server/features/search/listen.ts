import { randomInt } from 'node:crypto'
import { openChinese } from '#server/lib/chinese.ts'
import { readSubtitles } from '#server/media/subtitles/read-subtitles.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import { foldForSearch } from './fold.ts'
import { chunksOf, type Line, tokensOf } from './said.ts'
import type { SearchStore } from './store.ts'

type Parts = { store: Pick<SearchStore, 'textBlobs' | 'putSaid'>; blobs: Pick<Blobs, 'read'> }

const mostBytes = 8 * 2 ** 20
const mostRows = 4000
/** Ids that no two rows share by chance, and that every engine and language keeps whole. */
const newNumber = () => randomInt(2 ** 47)

/** Reads what is said in a film, in every language that it brings, so that it can be sought. Anew each time: a corrected text stands under its old name. */
export async function listenTo({ store, blobs }: Parts, videoId: string, signal: AbortSignal): Promise<void> {
  const chinese = await openChinese()
  const chunks: Line[][] = []
  for (const name of await store.textBlobs(videoId)) {
    signal.throwIfAborted()
    const subtitles = readSubtitles(await bytesOf(blobs, name))
    if (subtitles.state !== 'read') continue
    chunks.push(...chunksOf(subtitles.cues.map(({ startMs, text }): Line => [startMs, text.replaceAll(/\s+/g, ' ').trim()])))
  }
  const rows = chunks.slice(0, mostRows).map((lines) => ({
    ...{ id: newNumber(), videoId, atMs: lines[0]?.[0] ?? 0, cues: JSON.stringify(lines) },
    tokens: lines.flatMap(([, text]) => tokensOf(foldForSearch(text, chinese))).join(' '),
  }))
  // One row at least, or the film would be looked at again and again.
  await store.putSaid(videoId, rows.length > 0 ? rows : [{ id: newNumber(), videoId, atMs: 0, cues: '[]', tokens: '' }])
}

async function bytesOf(blobs: Pick<Blobs, 'read'>, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of blobs.read(name)) {
    size += part.length
    if (size > mostBytes) break
    parts.push(part)
  }
  return Buffer.concat(parts)
}
