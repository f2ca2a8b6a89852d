import { createCursor } from '#server/lib/cursor.ts'
import { demand } from '#server/lib/may.ts'
import { foldText } from '#server/lib/plain-text.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { HistoryExport, HistoryPage, HistoryQuery, ProgressBody } from '#shared/api/history.ts'
import type { Videos } from '../videos/index.ts'
import type { HistoryStore, WatchRow } from './store.ts'

export type HistoryParts = {
  store: HistoryStore
  videos: Pick<Videos, 'seeUnlocked' | 'cards'>
  cache: Pick<Cache, 'invalidate'>
  clock: Clock
}

type At = { vid: string; cookie: string | undefined }
type Row = WatchRow & { title: string }

const cursor = createCursor('history', ['whole', 'text'])
/** So many rows are looked through for one page of what is sought. */
const soughtRows = 2000
const mostExported = 10_000

export type HistoryService = ReturnType<typeof createHistoryService>

export function createHistoryService({ store, videos, cache, clock }: HistoryParts) {
  const own = (viewer: Viewer): Person => {
    if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
    demand(viewer, 'history.keep')
    return viewer
  }
  const changed = (accountId: string) => cache.invalidate(`person:${accountId}`)

  /** Rows by the moment they were seen, as many as a page wants of those whose title has all the words. */
  async function seek(accountId: string, { cursor: from, limit = 30, q = '' }: HistoryQuery) {
    const words = foldText(q).split(/\s+/).filter(Boolean)
    const found: Row[] = []
    let after: ReturnType<typeof cursor.read> = cursor.read(from)
    for (let looked = 0; looked < soughtRows; ) {
      const { items, next } = await store.list(accountId, after, words.length === 0 ? limit : 200)
      for (const row of items) {
        if (!words.every((word) => foldText(row.title).includes(word))) continue
        found.push(row)
        if (found.length === limit) return { found, next: next || row !== items.at(-1) ? [row.seen_ms, row.video_id] : undefined }
      }
      looked += items.length
      if (!next) return { found, next: undefined }
      after = [Number(next[0]), String(next[1])]
    }
    return { found, next: after }
  }

  return {
    /** Where somebody stopped. Nothing is written where they said so. */
    async put(viewer: Viewer, at: At, { atMs, durationMs }: ProgressBody): Promise<void> {
      const { accountId } = own(viewer)
      const video = await videos.seeUnlocked(viewer, at.vid, at.cookie)
      if (await store.isPaused(accountId)) return
      const wholeMs = video.duration_ms ?? durationMs ?? null
      const atMost = wholeMs === null ? atMs : Math.min(atMs, wholeMs)
      await store.put({
        account_id: accountId,
        video_id: video.id,
        at_ms: atMost,
        duration_ms: wholeMs,
        is_finished: isFinished(atMost, wholeMs) ? 1 : 0,
        seen_ms: clock.now(),
      })
      await changed(accountId)
    },

    async list(viewer: Viewer, query: HistoryQuery): Promise<HistoryPage> {
      const { accountId } = own(viewer)
      const { found, next } = await seek(accountId, query)
      const cards = await videos.cards(
        viewer,
        found.map(({ video_id }) => video_id),
        'video.see',
      )
      const byId = new Map(found.map((row) => [row.video_id, row]))
      const items = cards.flatMap((card) => {
        const row = byId.get(card.id)
        return row ? [{ ...card, watchedAt: toMoment(row.seen_ms), isFinished: row.is_finished === 1 }] : []
      })
      const nextCursor = next ? cursor.write([Number(next[0]), String(next[1])]) : null
      return { items, nextCursor, isPaused: await store.isPaused(accountId) }
    },

    async pause(viewer: Viewer, isPaused: boolean): Promise<void> {
      await store.pause(own(viewer).accountId, isPaused ? clock.now() : undefined)
    },

    async forget(viewer: Viewer, videoId?: string): Promise<void> {
      const { accountId } = own(viewer)
      await store.forget(accountId, videoId)
      await changed(accountId)
    },

    /** What one has watched oneself is one's own, also where one may no longer see it. */
    async export(viewer: Viewer): Promise<HistoryExport> {
      const { accountId } = own(viewer)
      const items: HistoryExport['items'] = []
      let after: ReturnType<typeof cursor.read>
      do {
        const page = await store.list(accountId, after, 1000)
        items.push(
          ...page.items.map((row) => ({
            videoId: row.video_id,
            title: row.title,
            atMs: row.at_ms,
            durationMs: row.duration_ms,
            watchedAt: toMoment(row.seen_ms),
          })),
        )
        after = page.next && [Number(page.next[0]), String(page.next[1])]
      } while (after && items.length < mostExported)
      return { items }
    },

    countOf: store.countOf,

    async moveAll(moving: { from: string; into: string }, signal: AbortSignal): Promise<void> {
      while (await store.moveSome(moving, movedAtOnce)) signal.throwIfAborted()
    },

    async removeAllOf(accountId: string): Promise<void> {
      await store.forget(accountId, undefined)
      await store.pause(accountId, undefined)
    },
  }
}

const movedAtOnce = 500

/** Where the credits begin, about: in the last twentieth, but for at most five minutes, and at least ten seconds. */
function isFinished(atMs: number, durationMs: number | null): boolean {
  if (durationMs === null || durationMs === 0) return false
  return durationMs - atMs <= Math.min(300_000, Math.max(10_000, durationMs / 20), durationMs / 2)
}

const toMoment = (ms: number) => new Date(ms).toISOString()
