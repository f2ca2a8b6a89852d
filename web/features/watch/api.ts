import type { TextList } from '#shared/api/films.ts'
import type { Video } from '#shared/api/videos.ts'
import { type Reading, reading } from '#web/lib/reading.ts'

export const videoOf = (vid: string): Reading<Video> => reading(`/videos/${encodeURIComponent(vid)}`)

const shown = new Set<Video['state']>(['processing', 'playable', 'ready'])

/** Whether there is, or will be at once, something of it to play. */
export const isToBeSeen = ({ state }: Pick<Video, 'state'>) => shown.has(state)

export const watchAddress = (vid: string) => `/watch/${encodeURIComponent(vid)}`

/** All rows of a film. */
export const playlistOf = (vid: string) => `/stream/${encodeURIComponent(vid)}/master.m3u8`

/** The film alone, for frames on other sites. */
export const frameAddress = (vid: string) => `/embed/${encodeURIComponent(vid)}`

export const subtitlesOf = (vid: string): Reading<TextList> => reading(`/stream/${encodeURIComponent(vid)}/subtitles`)
