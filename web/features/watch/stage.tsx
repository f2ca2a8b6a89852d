import { type ReactNode, startTransition, useEffectEvent, useLayoutEffect, useRef } from 'react'
import type { Video } from '#shared/api/videos.ts'
import { useApi } from '#web/lib/api-context.ts'
import { me } from '#web/lib/house.ts'
import { useLasting } from '#web/lib/lasting.tsx'
import { posterAddress, stagePosters } from '#web/lib/poster.ts'
import { useReading } from '#web/lib/reading.ts'
import { NowPlaying, nowPlaying, setNowPlaying } from './now-playing.ts'
import { screeningOf } from './screening.ts'

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
    const screening = screeningOf({ video, search, api, isPerson: Boolean(viewer?.user), waits })
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
          {stagePosters(video.id, video.poster).map((source) => (
            <source key={source.type} {...source} />
          ))}
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
