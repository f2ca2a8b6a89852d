import type { VideoFigures } from '#shared/api/figures.ts'
import type { TextList } from '#shared/api/films.ts'
import type { DeletedVideoList, Video, VideoPage } from '#shared/api/videos.ts'
import { type Reading, reading } from '#web/lib/reading.ts'
import type { Findable } from '../finder/frame-finder.tsx'

export const states = ['draft', 'uploading', 'processing', 'playable', 'ready', 'failed'] as const
export const sorts = ['old', 'views', 'title'] as const

const filters = ['q', 'state', 'visibility', 'sort']

/** What the address of the studio asks for. */
export function ownFilms(username: string, search: URLSearchParams): Reading<VideoPage> {
  const asked = [...search].filter(([name, value]) => filters.includes(name) && value !== '')
  return reading(`${pathOfAll(username)}?${new URLSearchParams([...asked, ['limit', '30']])}`)
}

export const ownFilm = (username: string, vid: string) => reading<Video>(`${pathOfAll(username)}/${encodeURIComponent(vid)}`)
export const thrownAway = (username: string) => reading<DeletedVideoList>(`${pathOfAll(username)}/deleted`)
export const textsOf = (vid: string) => reading<TextList>(`/stream/${encodeURIComponent(vid)}/subtitles`)
export const figuresOf = (vid: string, days: number) => reading<VideoFigures>(`/videos/${encodeURIComponent(vid)}/figures?days=${days}`)
export const pathOfAll = (username: string) => `/user/${encodeURIComponent(username)}/videos`
export const isPlayable = ({ state }: Pick<Video, 'state'>) => state === 'playable' || state === 'ready'

/** Without a picture yet, or without leave to show one, there is none. */
export function stillOf({ id, poster }: Pick<Video, 'id' | 'poster'>, width: 320 | 640): string | undefined {
  return poster ? `/api/stream/${id}/poster.webp?w=${width}&r=${poster.revision}` : undefined
}

export const toFindable = ({ id, durationMs, width, height }: Video): Findable => ({
  ...{ src: `/stream/${id}`, storyboard: `/stream/${id}/storyboard.vtt` },
  ...{ durationMs: durationMs ?? 0, width, height },
})
