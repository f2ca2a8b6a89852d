import type { Videos } from '#server/features/videos/index.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Log } from '#server/ports/log.ts'
import { cellName, rowPrefix } from './names.ts'
import type { FilmKey, PlannedFilm, TranscodingStore } from './store.ts'

type Parts = {
  store: Pick<TranscodingStore, 'listOriginals' | 'findFilm' | 'findPictures'>
  videos: Pick<Videos, 'sourceDropped'>
  blobs: Blobs
  log: Log
  keepsOriginals: () => boolean
}

const page = 50

/** [G13] Where it is so configured, originals go once everything has been made of them: every cell of every row, and all that there is besides. */
export function createDropping({ store, videos, blobs, log, keepsOriginals }: Parts) {
  async function isAllMade(key: FilmKey, { rows }: PlannedFilm): Promise<boolean> {
    if (!(await store.findPictures(key)).isDressed) return false
    for (const { name: row, cells } of rows) {
      const made = await namesBelow(rowPrefix(key, row))
      for (let cell = 0; cell < cells; cell++) if (!made.has(cellName(key, row, cell))) return false
    }
    return true
  }

  async function namesBelow(prefix: string): Promise<Set<string>> {
    const names = new Set<string>()
    let after: string | undefined
    do {
      const { items, next } = await blobs.list(prefix, after === undefined ? {} : { after })
      for (const { name } of items) names.add(name)
      after = next
    } while (after !== undefined)
    return names
  }

  return async function drop(signal: AbortSignal): Promise<void> {
    let after = ''
    while (!keepsOriginals()) {
      const films = await store.listOriginals(after, page)
      for (const { videoId, generation, blob } of films) {
        signal.throwIfAborted()
        const key = { videoId, generation }
        const film = await store.findFilm(key)
        if (!film || !(await isAllMade(key, film))) continue
        // The row last: whatever fails before is found again.
        await blobs.delete([blob, ...(film.cutBlob === null ? [] : [film.cutBlob])])
        await videos.sourceDropped(videoId, generation)
        log.info('transcoding.original_dropped', key)
      }
      const last = films.at(-1)
      if (!last) return
      after = last.videoId
    }
  }
}
