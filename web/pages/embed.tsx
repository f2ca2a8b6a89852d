import { useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { isToBeSeen, videoOf, watchAddress } from '#web/features/watch/api.ts'
import { useNowPlaying } from '#web/features/watch/now-playing.ts'
import { Screen } from '#web/features/watch/screen.tsx'
import { Stage } from '#web/features/watch/stage.tsx'
import { StateFace } from '#web/features/watch/state-face.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'
import { FailedNotice, Notice } from '#web/ui/notice.tsx'
import '#web/features/watch/embed.css'

const vidOf = ({ params }: Place) => params['vid'] ?? ''

export const page: Page = { View: Embed, frame: 'bare', readings: (place) => [videoOf(vidOf(place))] }

/** A film on somebody else's page: the player and the way to us, nothing else. */
function Embed(place: Place) {
  const t = useTranslations('watch.page')
  const { data: video, error, refetch } = useReading(videoOf(vidOf(place)))
  useHead({ title: video?.title ?? t('missingTitle'), isHidden: true })
  if (video) return <EmbedOf video={video} place={place} />
  return (
    <div className="embed embed-face">
      {error && ![400, 403, 404].includes(error.status ?? 0) ? (
        <FailedNotice level={1} failure={error} retry={refetch} />
      ) : (
        <Notice level={1} title={t('missingTitle')}>
          {t('missing')}
        </Notice>
      )}
    </div>
  )
}

function EmbedOf({ video, place }: { video: Video; place: Place }) {
  const isPaused = usePaused()
  return (
    <div className="embed" data-paused={isPaused || undefined}>
      {isToBeSeen(video) ? (
        <Stage video={video} search={place.search} screen={<Screen />} waits={place.search.get('autoplay') !== '1'} />
      ) : (
        <StateFace video={video} />
      )}
      <p className="embed-title">
        <a href={watchAddress(video.id)} target="_blank" rel="noopener">
          {video.title}
        </a>
      </p>
    </div>
  )
}

const never = () => () => undefined

function usePaused(): boolean {
  const store = useNowPlaying()?.player.store
  return useSyncExternalStore(
    store?.watch ?? never,
    () => store?.get().isPaused ?? true,
    () => true,
  )
}
