import type { StreamSeats } from '#shared/api/films.ts'
import type { Video } from '#shared/api/videos.ts'
import type { Api } from '#web/lib/api.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { posterAddress, stagePosters } from '#web/lib/poster.ts'
import type { PlayerFilm } from '#web/player/film.ts'
import { keep, readKept } from '#web/player/habits.ts'
import { isToBeSeen, playlistOf, videoOf, watchAddress } from './api.ts'
import { beginningOf } from './begin.ts'
import { chaptersOf } from './chapters.ts'
import { marksOf } from './marks.ts'
import { NowPlaying, nowPlaying, type Screening, setNowPlaying } from './now-playing.ts'

type Parts = {
  video: Video
  search: URLSearchParams
  api: Api
  isPerson: boolean
  /** Begins when somebody wants it to. */
  waits?: boolean
}

export function screeningOf({ video, search, api, isPerson, waits = false }: Parts): Screening {
  const renew = () => isStillOpen(api, video.id, isPerson)
  return { video, film: { ...toFilm(video, search), renew, waits, seats: seatsBy(api) } }
}

/** The film is on its way before the page of it has woken. It begins when it stands there. */
export function holdFilm(parts: Parts): void {
  if (isToBeSeen(parts.video) && !nowPlaying()) setNowPlaying(new NowPlaying(screeningOf(parts), { isHeld: true }))
}

function toFilm(video: Video, search: URLSearchParams) {
  const source = `/stream/${encodeURIComponent(video.id)}`
  const kept = Number(readKept('matinee-places')[video.id] ?? Number.NaN)
  const progressMs = video.progressMs ?? (Number.isFinite(kept) ? kept : null)
  const marks = marksOf(video)
  const beginning = beginningOf({ progressMs, durationMs: video.durationMs }, search)
  return {
    id: video.id,
    title: video.title,
    artist: video.owner.displayName || video.owner.username,
    href: watchAddress(video.id),
    poster: video.poster ? posterAddress(video.id, video.poster, 1280) : null,
    posters: video.poster ? stagePosters(video.id, video.poster) : [],
    hls: playlistOf(video.id),
    original: source,
    storyboard: video.poster ? `${source}/storyboard.vtt` : null,
    subtitles: [],
    chapters: chaptersOf(video),
    marks,
    durationMs: video.durationMs,
    ...beginning,
    startMs: Math.max(beginning.startMs, marks.beginS * 1000),
  }
}

/** What the viewer has running, on whichever device. */
function seatsBy(api: Api): PlayerFilm['seats'] {
  return {
    async list() {
      const { items } = await api.get<StreamSeats>('/me/streams')
      return items.map(({ id, device, since }) => ({ id, device, since: new Date(since) }))
    },
    free: async (id) => void (await api.send('DELETE', `/me/streams/${encodeURIComponent(id)}`)),
  }
}

/** Asking renews a session that has ended; what is closed or gone says so. */
async function isStillOpen(api: Api, videoId: string, isPerson: boolean): Promise<boolean> {
  const ask = () => isGiven(() => api.get(videoOf(videoId).path))
  if (await ask()) return true
  // A stranger is told that there is no such film: whether we have become one, an answer says that only people get.
  return isPerson && (await isGiven(() => api.get('/me/streams'))) && (await ask())
}

async function isGiven(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask()
    return true
  } catch (failure) {
    if (failure instanceof ApiFailure && failure.facts.kind === 'refused') return false
    throw failure
  }
}

const keptFilms = 200

/** For strangers, whose place in a film only their own device knows. */
export function keepPlace(videoId: string, atMs: number): void {
  const others = Object.entries(readKept('matinee-places')).filter(([other]) => other !== videoId)
  keep('matinee-places', Object.fromEntries([...others.slice(-keptFilms), [videoId, Math.floor(atMs)]]))
}
