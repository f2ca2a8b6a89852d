import type { HomeAnswer } from '#shared/api/feed.ts'
import type { HistoryPage } from '#shared/api/history.ts'
import type { FollowersAnswer } from '#shared/api/follows.ts'
import type { TagPage, VideoCard, VideoPage } from '#shared/api/videos.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

export const home = reading<HomeAnswer>('/home')

export const relatedTo = (vid: string): Reading<{ items: VideoCard[] }> => reading(`/videos/${encodeURIComponent(vid)}/related`)

export const taggedBy = (tag: string): Reading<TagPage> => reading(`/tags/${encodeURIComponent(tag)}/videos?limit=30`)

export const filmsOf = (username: string): Reading<VideoPage> => reading(`/user/${encodeURIComponent(username)}/videos?limit=30`)

export const followersOf = (username: string): Reading<FollowersAnswer> => reading(`/user/${encodeURIComponent(username)}/followers`)

export const historyFor = (words: string): Reading<HistoryPage> =>
  reading(`/history?${new URLSearchParams({ limit: '30', ...(words ? { q: words } : {}) })}`)
