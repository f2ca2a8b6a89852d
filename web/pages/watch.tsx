import { useEffect, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { useLocation } from 'wouter'
import type { OwnProfile } from '#shared/api/accounts.ts'
import type { Video } from '#shared/api/videos.ts'
import { Comments } from '#web/features/comments/comments.tsx'
import { commentsOf } from '#web/features/comments/api.ts'
import { DanmakuBar } from '#web/features/danmaku/danmaku-bar.tsx'
import { DanmakuList } from '#web/features/danmaku/danmaku-list.tsx'
import { useDanmakuTotal } from '#web/features/danmaku/flight.ts'
import { Reporting } from '#web/features/reports/reporting.tsx'
import { DanmakuHeat, DanmakuLayer } from '#web/features/danmaku/danmaku-layer.tsx'
import { relatedTo } from '#web/features/films/api.ts'
import { neighboursOf } from '#web/features/lists/api.ts'
import { ListRail } from '#web/features/lists/list-rail.tsx'
import { NextUp } from '#web/features/lists/next-up.tsx'
import { SaveToList } from '#web/features/lists/save-dialog.tsx'
import { RelatedFilms } from '#web/features/films/related.tsx'
import { isToBeSeen, playlistOf, videoOf } from '#web/features/watch/api.ts'
import { nowPlaying, useNowPlaying } from '#web/features/watch/now-playing.ts'
import { holdFilm } from '#web/features/watch/screening.ts'
import { type Hung, Screen } from '#web/features/watch/screen.tsx'
import { Stage } from '#web/features/watch/stage.tsx'
import { StateFace } from '#web/features/watch/state-face.tsx'
import { Unlock } from '#web/features/watch/unlock.tsx'
import { WatchWords } from '#web/features/watch/watch-words.tsx'
import { useHead } from '#web/lib/head.ts'
import { me } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { posterAddress } from '#web/lib/poster.ts'
import { useReading } from '#web/lib/reading.ts'
import { useHydrated } from '#web/lib/use-hydrated.ts'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import '#web/features/watch/watch.css'

const listIn = ({ search }: Place) => search.get('list') ?? undefined
const vidOf = ({ params }: Place) => params['vid'] ?? ''

export const page: Page = {
  View: Watch,
  begin(place, { api, known }) {
    const video = known(videoOf(vidOf(place)))
    if (video) holdFilm({ video, search: place.search, api, isPerson: Boolean(known(me)?.user) })
  },
  readings: (place) => [videoOf(vidOf(place))],
  extras: (place) => [commentsOf(vidOf(place), 'new'), relatedTo(vidOf(place)), neighboursOf(vidOf(place), listIn(place))],
}

function Watch(place: Place) {
  const t = useTranslations('watch.page')
  const vid = vidOf(place)
  const { data: video, error, refetch } = useReading(videoOf(vid))
  const [, go] = useLocation()
  const keptId = video?.id
  const { search } = place
  // A film that became one with another is at the other's address from now on.
  useEffect(() => {
    if (keptId !== undefined && keptId !== vid) go(`/watch/${keptId}${search.size > 0 ? `?${search}` : ''}`, { replace: true })
  }, [keptId, vid, search, go])
  useHead(
    video
      ? {
          title: video.title,
          ...(video.description ? { description: video.description.slice(0, 200) } : {}),
          ...(video.poster ? { image: posterAddress(video.id, video.poster, 1280) } : {}),
          isHidden: video.visibility !== 'public',
          film: {
            id: video.id,
            width: video.width,
            height: video.height,
            isFramable: video.embedding === 'everybody',
            playlist: isToBeSeen(video) ? playlistOf(video.id) : null,
          },
        }
      : { title: t('missingTitle'), isHidden: true },
  )
  if (error && (error.status === 404 || error.status === 403 || error.status === 400)) return <Unlock vid={vid} />
  if (error && !video) return <FailedNotice level={1} failure={error} retry={refetch} />
  if (!video) return <Shape lines={4} />
  return <WatchOf key={video.id} video={video} place={place} />
}

function hang({ id, isDanmakuOn }: Video, list: string | undefined): Hung {
  const next = <NextUp vid={id} list={list} />
  if (!isDanmakuOn) return { layer: next }
  return {
    layer: (
      <>
        <DanmakuLayer vid={id} />
        {next}
      </>
    ),
    heat: <DanmakuHeat vid={id} />,
  }
}

function WatchOf({ video, place }: { video: Video; place: Place }) {
  const t = useTranslations('watch.page')
  const { data: viewer } = useReading(me)
  const isTheatre = useTheatre()
  const isHydrated = useHydrated()
  const user = viewer?.user ?? undefined
  const list = listIn(place)
  return (
    <Reporting isPerson={user !== undefined}>
      <div className="watch" data-theatre={isTheatre || undefined}>
        <div className="watch-stage">
          {isToBeSeen(video) ? (
            <Stage video={video} search={place.search} screen={<Screen hang={(shown) => hang(shown, list)} />} />
          ) : (
            <StateFace video={video} />
          )}
          {isToBeSeen(video) && video.isDanmakuOn ? (
            <div className="danmaku-bar-place">
              {isHydrated ? (
                <DanmakuBar
                  vid={video.id}
                  isPerson={user !== undefined}
                  nowMs={() => (nowPlaying()?.player.video.currentTime ?? 0) * 1000}
                />
              ) : null}
            </div>
          ) : null}
        </div>
        <div className="watch-words">
          <WatchWords
            video={video}
            isOwn={user?.id === video.owner.id}
            isPerson={user !== undefined}
            acts={<SaveToList vid={video.id} className="watch-act" />}
          />
          <Comments video={video} user={user} seek={(atS) => nowPlaying()?.player.seek(atS)} />
        </div>
        <aside className="watch-side" aria-label={t('related')}>
          <ListRail vid={video.id} list={list} isWhole={isHydrated} />
          {video.isDanmakuOn ? (
            <div className="watch-side-danmaku">{isHydrated ? <DanmakuSide video={video} user={user} /> : null}</div>
          ) : null}
          <RelatedFilms vid={video.id} />
        </aside>
      </div>
    </Reporting>
  )
}

function DanmakuSide({ video, user }: { video: Video; user: OwnProfile | undefined }) {
  const total = useDanmakuTotal(video.id)
  return (
    <DanmakuList
      vid={video.id}
      total={total}
      isPerson={user !== undefined}
      isOwn={user?.id === video.owner.id}
      isKeeper={user !== undefined && (user.id === video.owner.id || user.role !== 'member')}
      seek={(atMs) => nowPlaying()?.player.seek(atMs / 1000)}
    />
  )
}

const never = () => () => undefined

function useTheatre(): boolean {
  const store = useNowPlaying()?.player.store
  return useSyncExternalStore(
    store?.watch ?? never,
    () => store?.get().isTheatre ?? false,
    () => false,
  )
}
