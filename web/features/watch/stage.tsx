import { type ReactNode, startTransition, useEffectEvent, useLayoutEffect, useRef } from 'react'
import type { StreamSeats } from '#shared/api/films.ts'
import type { Video } from '#shared/api/videos.ts'
import { type Api, useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { me } from '#web/lib/house.ts'
import { useLasting } from '#web/lib/lasting.tsx'
import { posterAddress, posterSet } from '#web/lib/poster.ts'
import { useReading } from '#web/lib/reading.ts'
import type { PlayerFilm } from '#web/player/film.ts'
import { keep, readKept } from '#web/player/habits.ts'
import { videoOf, watchAddress } from './api.ts'
import { beginningOf } from './begin.ts'
import { chaptersOf } from './chapters.ts'
import { marksOf } from './marks.ts'
import { NowPlaying, nowPlaying, setNowPlaying } from './now-playing.ts'

type Props = {
  video: Video
  search: URLSearchParams
  screen: ReactNode
  /** Begins when somebody wants it to. */
  waits?: boolean
}

/**
 * Where the film is shown. The server sends its poster, and a plain element for who has no script; the player moves in as soon as the page stands.
 * `screen`: what is drawn around the player, which outlives this page.
 */
export function Stage({ video, search, screen, waits = false }: Props) {
  const slot = useRef<HTMLDivElement>(null)
  const lasting = useLasting()
  const api = useApi()
  const { data: viewer } = useReading(me)

  const begin = useEffectEvent((element: HTMLElement) => {
    const playing = nowPlaying()
    const renew = () => isStillOpen(api, video.id, Boolean(viewer?.user))
    const screening = { video, film: { ...toFilm(video, search), renew, waits, seats: seatsBy(api) } }
    const next = playing ?? new NowPlaying(screening)
    if (!playing) setNowPlaying(next)
    next.enter(element, screening)
    // The film is on its way; what is drawn around it comes in pieces, so that the page hears meanwhile.
    startTransition(() => lasting.show(screen))
    return next
  })
  const end = useEffectEvent(() => {
    setNowPlaying(undefined)
    lasting.show(null)
  })

  // A film is opened once: what is read anew of it (likes, views) is no reason to begin again.
  useLayoutEffect(() => {
    const element = slot.current
    if (!element) return
    const playing = begin(element)
    return () => {
      if (!playing.leave(element)) end()
    }
  }, [])

  const source = `/stream/${encodeURIComponent(video.id)}`
  return (
    <div className="stage" ref={slot}>
      {video.poster ? (
        <picture className="stage-poster">
          <source type="image/avif" srcSet={posterSet(video.id, video.poster, 'avif')} sizes="(width < 1100px) 100vw, 70vw" />
          <source type="image/webp" srcSet={posterSet(video.id, video.poster, 'webp')} sizes="(width < 1100px) 100vw, 70vw" />
          <img src={posterAddress(video.id, video.poster, 1280)} alt="" fetchPriority="high" />
        </picture>
      ) : null}
      <noscript>
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- the file brings what captions it has */}
        <video
          className="stage-plain"
          src={source}
          controls
          playsInline
          preload="metadata"
          {...(video.poster ? { poster: posterAddress(video.id, video.poster, 1280) } : {})}
        />
      </noscript>
    </div>
  )
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
    hls: `${source}/master.m3u8`,
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
