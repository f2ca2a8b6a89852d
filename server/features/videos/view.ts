import { createTranslator } from 'use-intl/core'
import { may } from '#server/lib/may.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { Marks, Video, VideoCard } from '#shared/api/videos.ts'
import type { Language } from '#shared/language.ts'
import en from '#shared/locales/en/failures.json' with { type: 'json' }
import zhCN from '#shared/locales/zh-CN/failures.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/failures.json' with { type: 'json' }
import type { FigureRow } from './shelf-store.ts'
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

/** What goes with the row. */
export type About = {
  viewer: Viewer
  nowMs: number
  owner: PersonCard
  figures: Pick<FigureRow, 'views' | 'likes' | 'favourites'> | undefined
  progressMs: number | null
  isLiked: boolean
  isFavourite: boolean
}

export function toCard(row: VideoRow, { owner, figures, progressMs, nowMs }: About): VideoCard {
  const { id, title, state, duration_ms: durationMs } = row
  const views = figures?.views ?? 0
  return { id, title, owner, durationMs, views, state, progressMs, poster: toPoster(row), publishedAt: publishedAt(row, nowMs) }
}

export function toVideo(row: VideoRow, more: About & { tags: string[] }): Video {
  const { viewer, owner, tags, nowMs, figures, progressMs, isLiked, isFavourite } = more
  const { title, description, state, visibility, width, height, language, thumbhash, generation } = row
  const { views = 0, likes = 0, favourites = 0 } = figures ?? {}
  const isKeeper = may(viewer, 'video.inspect', toThing(row, nowMs))
  return {
    id: row.id,
    ...{ title, description, state, visibility, width, height, language, thumbhash, generation, owner, tags },
    ...{ views, likes, favourites, isLiked, isFavourite, progressMs },
    poster: toPoster(row),
    gainDb: row.gain_cb === null ? null : row.gain_cb / 100,
    chapters: fromJson<Video['chapters']>(row.own_chapters ?? row.chapters) ?? [],
    marks: fromJson<Marks>(row.marks),
    cast: fromJson<Video['cast']>(row.people) ?? [],
    year: row.year,
    isDownloadable: row.is_downloadable === 1,
    embedding: row.embedding,
    publishedAt: publishedAt(row, nowMs),
    publishAt: row.publish_ms === null ? null : toMoment(row.publish_ms),
    isDanmakuOn: row.is_danmaku_on === 1,
    commentRule: row.comment_rule,
    slowModeS: row.slow_mode_s,
    durationMs: row.duration_ms,
    createdAt: toMoment(row.created_ms),
    updatedAt: toMoment(row.updated_ms),
    progress: isKeeper ? { cellsDone: row.cells_done, cellsPlanned: row.cells_planned, secondsLeft: row.seconds_left } : null,
    failure: isKeeper && state === 'failed' ? toFailure(row.failure_code ?? 'media.unknown', viewer.language) : null,
    fileName: isKeeper ? row.file_name : null,
    embedSites: isKeeper ? (fromJson<string[]>(row.embed_sites) ?? []) : null,
    blockedWords: isKeeper ? (fromJson<string[]>(row.blocked_words) ?? []) : null,
    isHidden: row.held_visibility !== null,
  }
}

const fromJson = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))

const toPoster = (row: VideoRow) => (row.poster_revision === 0 ? null : { revision: row.poster_revision, thumbhash: row.thumbhash })

const publishedAt = ({ published_ms: ms }: VideoRow, nowMs: number) => (ms === null || ms > nowMs ? null : toMoment(ms))

/** Codes are `area.name`; one that has no text yet is told in general words. */
function toFailure(code: string, language: Language) {
  const messages = texts[language]
  const translate = createTranslator({ locale: language, messages })
  const known = code as Parameters<typeof translate>[0]
  return { code, text: translate.has(known) ? translate(known) : translate('general') }
}

const toMoment = (ms: number) => new Date(ms).toISOString()
