import { buffer } from 'node:stream/consumers'
import type { Videos } from '#server/features/videos/index.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import { faultOf } from '#server/media/cell/check.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import { demandPerson } from './demand-person.ts'
import type { Makers } from './makers.ts'
import { cellName, standInName } from './names.ts'
import type { FilmKey, PlannedFilm, PlannedRow, TranscodingStore } from './store.ts'

type Parts = {
  store: TranscodingStore
  videos: Pick<Videos, 'change' | 'sourceAgain'>
  blobs: Blobs
  clock: Clock
  makers: Pick<Makers, 'demandOwn'>
  /** Removes originals that are no longer needed. */
  drop(signal: AbortSignal): Promise<void>
  /** Makes what lacks. */
  serve(task: FilmKey & { rows: readonly string[]; cells: { start: number; end: number }; signal: AbortSignal }): Promise<void>
}
type Work = FilmKey & { row: string; signal: AbortSignal }

/** So many cells at once are mended by one process. */
const spanCells = 6
/** Who still reads an old playlist has so long to notice. */
const usualGraceMs = 15 * 60_000
const pageRows = 50

/** Cells anew, and the end of those of sources that have been replaced. */
export function createAgain({ store, videos, blobs, clock, makers, serve, drop }: Parts) {
  /** What is not there, and what is not what it should be any more: bits rot. Answers the cells to make. */
  async function lackingOf(key: FilmKey, film: PlannedFilm, { row, signal }: { row: PlannedRow; signal: AbortSignal }): Promise<number[]> {
    const lacking: number[] = []
    for (let cell = 0; cell < row.cells; cell++) {
      signal.throwIfAborted()
      const name = cellName(key, row.name, cell)
      const fault = (await blobs.find(name))
        ? faultOf(film.plan, row.facts, row.name, cell, await buffer(blobs.read(name, { signal })))
        : 'none'
      if (fault === undefined) continue
      lacking.push(cell)
      await blobs.delete([name])
    }
    return lacking
  }

  async function removeAll(prefix: string): Promise<void> {
    for (;;) {
      const { items } = await blobs.list(prefix)
      if (items.length === 0) return
      await blobs.delete(items.map(({ name }) => name))
    }
  }

  return {
    /** One row is looked through and mended; without a row everything is made anew from the source, under new addresses. */
    async makeAgain(viewer: Viewer, videoId: string, row: string | undefined): Promise<void> {
      demandPerson(viewer)
      const { generation, source_blob: blob } = await videos.change(viewer, videoId)
      if (blob === null) throw new Problem('conflict', 'media.no_source')
      if (row === undefined) return void (await videos.sourceAgain(videoId))
      const key = { videoId, generation }
      const film = await store.findFilm(key)
      if (!film?.rows.some(({ name }) => name === row))
        throw new Problem('invalid', 'http.wrong_fields', { fields: [{ path: 'row', code: 'field.unknown' }] })
      await store.owe({ kind: 'transcoding.mend', key: `${videoId}/${generation}/${row}`, payload: { ...key, row }, priority: 200 })
    },

    async mend({ videoId, generation, row: name, signal }: Work): Promise<void> {
      const key = { videoId, generation }
      const film = await store.findFilm(key)
      const row = film?.rows.find((one) => one.name === name)
      if (!film || !row) return
      await makers.demandOwn(key, film, signal)
      const lacking = await lackingOf(key, film, { row, signal })
      await store.pardon(key, name)
      await blobs.delete(Object.keys(row.quarantined).map((cell) => standInName(key, name, Number(cell))))
      for (const start of new Set(lacking.map((cell) => Math.floor(cell / spanCells) * spanCells)))
        await serve({ ...key, rows: [name], cells: { start, end: start + spanCells }, signal })
    },

    /** What belonged to sources that have been replaced. */
    async sweep({ signal, graceMs = usualGraceMs }: { signal: AbortSignal; graceMs?: number }): Promise<void> {
      for (const { videoId, generation } of await store.listOutdated(clock.now() - graceMs + 1, pageRows)) {
        signal.throwIfAborted()
        for (const place of ['cells', 'pictures', 'texts']) await removeAll(`${place}/${videoId}/${generation}/`)
        await store.forgetGeneration({ videoId, generation })
        const source = await store.findSource(videoId)
        const { items } = await blobs.list(`sources/${videoId}/`)
        // One that has just come may not have been told yet.
        const old = items.filter(({ name, modifiedMs }) => name !== source?.source_blob && modifiedMs < clock.now() - 24 * 3_600_000)
        if (source) await blobs.delete(old.map(({ name }) => name))
      }
      await drop(signal)
    },
  }
}

export type Again = ReturnType<typeof createAgain>
