import type { TextList } from '#shared/api/films.ts'
import type { Video } from '#shared/api/videos.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

export const videoOf = (vid: string): Reading<Video> => reading(`/videos/${encodeURIComponent(vid)}`)

export const watchAddress = (vid: string) => `/watch/${encodeURIComponent(vid)}`

export const subtitlesOf = (vid: string): Reading<TextList> => reading(`/stream/${encodeURIComponent(vid)}/subtitles`)
