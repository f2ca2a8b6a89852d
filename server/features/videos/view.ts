import { createTranslator } from 'use-intl/core'
import { may } from '#server/lib/may.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { Video } from '#shared/api/videos.ts'
import type { Language } from '#shared/language.ts'
import en from '#shared/locales/en/failures.json' with { type: 'json' }
import zhCN from '#shared/locales/zh-CN/failures.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/failures.json' with { type: 'json' }
import type { VideoRow } from './store.ts'

const texts: Record<Language, typeof en> = { en, 'zh-CN': zhCN, 'zh-TW': zhTW }

/** What `may` looks at. */
export const toThing = (row: VideoRow, nowMs: number, isUnlocked = false) => ({
  ownerId: row.owner_id,
  visibility: row.visibility,
  state: row.state,
  publishMs: row.publish_ms,
  deletedMs: row.deleted_ms,
  nowMs,
  isUnlocked,
})

export function toVideo(row: VideoRow, more: { viewer: Viewer; owner: PersonCard; tags: string[]; nowMs: number }): Video {
  const { viewer, owner, tags, nowMs } = more
  const { title, description, state, visibility, width, height, language, views, thumbhash, generation } = row
  const isKeeper = may(viewer, 'video.inspect', toThing(row, nowMs))
  return {
    id: row.id,
    ...{ title, description, state, visibility, width, height, language, views, thumbhash, generation, owner, tags },
    ...{ likes: 0, favourites: 0, isLiked: false, isFavourite: false, progressMs: null },
    ...{ isDanmakuOn: true, commentRule: 'open' as const, slowModeS: 0 },
    poster: row.poster_revision === 0 ? null : { revision: row.poster_revision, thumbhash },
    publishedAt: toMoment(row.publish_ms ?? row.created_ms),
    publishAt: row.publish_ms === null ? null : toMoment(row.publish_ms),
    durationMs: row.duration_ms,
    createdAt: toMoment(row.created_ms),
    updatedAt: toMoment(row.updated_ms),
    progress: isKeeper ? { cellsDone: row.cells_done, cellsPlanned: row.cells_planned, secondsLeft: null } : null,
    failure: isKeeper && state === 'failed' ? toFailure(row.failure_code ?? 'media.unknown', viewer.language) : null,
    fileName: isKeeper ? row.file_name : null,
  }
}

/** Codes are `area.name`; one that has no text yet is told in general words. */
function toFailure(code: string, language: Language) {
  const messages = texts[language]
  const translate = createTranslator({ locale: language, messages })
  const known = code as Parameters<typeof translate>[0]
  return { code, text: translate.has(known) ? translate(known) : translate('general') }
}

const toMoment = (ms: number) => new Date(ms).toISOString()
