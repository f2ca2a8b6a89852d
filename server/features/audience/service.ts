import { createHmac } from 'node:crypto'
import { createCursor } from '#server/lib/cursor.ts'
import { demand } from '#server/lib/may.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Cache } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PageQuery } from '#shared/api/common.ts'
import type { ViewBody } from '#shared/api/history.ts'
import type { VideoCardPage } from '#shared/api/videos.ts'
import type { Videos } from '../videos/index.ts'
import { isBot } from './bots.ts'
import { slotsOf } from './slots.ts'
import type { AudienceStore, MarkKind } from './store.ts'

export type AudienceParts = {
  store: AudienceStore
  videos: Pick<Videos, 'seeUnlocked' | 'cards' | 'shelf'>
  cache: Pick<Cache, 'invalidate'>
  clock: Clock
  key: Uint8Array
}

/** Which film, and what the browser showed for it. */
export type At = { vid: string; cookie: string | undefined }

/** How much a deed says, in thousandths. Of one person, film and day the strongest counts. */
const weights = { view: 600, comment: 1400, like: 1500, favourite: 1600 } as const
export type Deed = keyof typeof weights

const dayMs = 86_400_000
const cursor = createCursor('favourites', ['whole', 'text'])
const batch = 500

export type AudienceService = ReturnType<typeof createAudienceService>

export function createAudienceService({ store, videos, cache, clock, key }: AudienceParts) {
  const dayOf = (nowMs: number) => Math.floor(nowMs / dayMs)

  /** A stranger is known for a day, by what means nothing the next, and to nobody who reads the rows. */
  function whoIs(viewer: Viewer, agent: string): string {
    if (viewer.kind === 'person') return viewer.accountId
    return createHmac('sha256', key)
      .update(`view ${dayOf(clock.now())} ${viewer.address} ${agent}`)
      .digest('base64url')
  }

  /** Nobody watches one film more than three times a day, whatever is told. */
  const observe = (videoId: string, who: string, seen: NonNullable<ViewBody['seen']>, durationMs: number) => {
    const watchedMs = seen.reduce((sum, { startMs, endMs }) => sum + Math.max(0, Math.min(endMs, durationMs) - startMs), 0)
    const slots = slotsOf(seen, durationMs)
    return store.observe({ videoId, who, day: dayOf(clock.now()), slots, watchedMs, mostMs: 3 * durationMs })
  }

  const contribute = (videoId: string, who: string, deed: Deed, from?: ViewBody['from']) => {
    const nowMs = clock.now()
    return store.contribute({ videoId, who, day: dayOf(nowMs), weight: weights[deed], isView: deed === 'view', from, nowMs })
  }

  return {
    /** What somebody did with a film, for the hot list. */
    contribute,

    /** Counted once a person (or stranger) and day, past a threshold, not of programs; the owner's are kept apart. */
    async view(viewer: Viewer, at: At, { watchedMs, from, seen = [], agent }: ViewBody & { agent: string | undefined }): Promise<void> {
      const video = await videos.seeUnlocked(viewer, at.vid, at.cookie)
      if (viewer.kind === 'stranger' && isBot(agent)) return
      const isOwner = viewer.kind === 'person' && viewer.accountId === video.owner_id
      if (!isOwner && seen.length > 0 && video.duration_ms !== null)
        await observe(video.id, whoIs(viewer, agent ?? ''), seen, video.duration_ms)
      if (watchedMs < thresholdOf(video.duration_ms)) return
      if (viewer.kind === 'person' && viewer.accountId === video.owner_id) return store.countOwnView(video.id)
      await contribute(video.id, whoIs(viewer, agent ?? ''), 'view', from)
    },

    async mark(viewer: Viewer, at: At, kind: MarkKind, isOn: boolean): Promise<void> {
      if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      const video = await videos.seeUnlocked(viewer, at.vid, at.cookie)
      demand(viewer, 'video.mark')
      const isNew = await store.mark({ videoId: video.id, accountId: viewer.accountId, kind, isOn, nowMs: clock.now() })
      if (isNew && isOn && viewer.accountId !== video.owner_id) await contribute(video.id, viewer.accountId, kind)
      await cache.invalidate(`person:${viewer.accountId}`)
    },

    /** What was last put there first. What one may no longer see is passed over. */
    async favourites(viewer: Viewer, { cursor: from, limit = 30 }: PageQuery): Promise<VideoCardPage> {
      if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
      const { items, next } = await videos.shelf.favourites(viewer.accountId, cursor.read(from), limit)
      const ids = items.map(({ video_id }) => video_id)
      return {
        items: await videos.cards(viewer, ids, 'video.see'),
        nextCursor: next ? cursor.write([Number(next[0]), String(next[1])]) : null,
      }
    },

    /** Two films become one: nothing is counted twice of one person. */
    async moveAll(moving: { from: string; into: string }, signal: AbortSignal): Promise<void> {
      while (await store.moveSome(moving, batch)) signal.throwIfAborted()
      await store.moveFigures(moving, clock.now())
    },

    countOf: store.countOf,

    async removeAllOf(accountId: string, signal: AbortSignal): Promise<void> {
      for (let marks = await store.marksOf(accountId, batch); marks.length > 0; marks = await store.marksOf(accountId, batch)) {
        for (const { kind, video_id: videoId } of marks) {
          signal.throwIfAborted()
          await store.mark({ videoId, accountId, kind, isOn: false, nowMs: clock.now() })
        }
      }
    },

    async sweep(signal: AbortSignal): Promise<void> {
      while (await store.sweep(dayOf(clock.now()) - 1, batch)) signal.throwIfAborted()
    },
  }
}

/** Half of a short film, half a minute of a long one; a second where nobody knows how long it is. */
function thresholdOf(durationMs: number | null): number {
  return durationMs === null ? 1000 : Math.max(1000, Math.min(30_000, durationMs / 2))
}
