import { type ReactNode, useCallback, useMemo, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import { useTranslations } from 'use-intl'
import { useLocation } from 'wouter'
import type { Video } from '#shared/api/videos.ts'
import { me } from '#web/lib/house.ts'
import { useLasting } from '#web/lib/lasting.tsx'
import { useReading } from '#web/lib/reading.ts'
import { Control } from '#web/player/controls/control.tsx'
import { Glow } from '#web/player/glow.tsx'
import { ExpandIcon } from '#web/player/player-icons.tsx'
import { PlayerView } from '#web/player/player-view.tsx'
import { PlayerProvider } from '#web/player/use-player.ts'
import { CloseIcon } from '#web/ui/icons.tsx'
import { videoOf } from './api.ts'
import { type NowPlaying, setNowPlaying, useNowPlaying } from './now-playing.ts'
import { useSubtitles } from './subtitles.ts'
import { useTelling } from './telling.ts'
import './mini.css'

/** What others hang on the player of a film. */
export type Hung = { layer?: ReactNode; extras?: ReactNode; heat?: ReactNode }

/** The player of this tab and what hangs on it, wherever it stands. It is drawn here and shown there: its page may go. */
export function Screen({ hang }: { hang?: (video: Video) => Hung }) {
  const playing = useNowPlaying()
  return playing ? <ScreenOf playing={playing} {...(hang ? { hang } : {})} /> : null
}

function ScreenOf({ playing, hang }: { playing: NowPlaying; hang?: (video: Video) => Hung }) {
  const { store, player, host } = playing
  const { screening, isMini } = useSyncExternalStore(store.watch, store.get)
  const { data: viewer } = useReading(me)
  const { video } = screening
  const subtitles = useSubtitles(video)
  const film = useMemo(() => ({ ...screening.film, subtitles }), [screening.film, subtitles])
  useTelling(player, video.id, Boolean(viewer?.user))
  const progress = useProgress(video.id, video.state === 'processing')
  const corner = useCallback(
    (element: HTMLDivElement | null) => {
      playing.corner = element ?? undefined
    },
    [playing],
  )
  return (
    <>
      <div className="mini" data-shown={isMini || undefined} ref={corner} />
      {createPortal(
        <PlayerProvider value={player}>
          {isMini ? null : <Glow />}
          <PlayerView
            key={video.id}
            film={film}
            isMini={isMini}
            progress={progress}
            miniActs={<MiniActs title={film.title} href={film.href} />}
            {...hang?.(video)}
          />
        </PlayerProvider>,
        host,
      )}
    </>
  )
}

function MiniActs({ title, href }: { title: string; href: string }) {
  const t = useTranslations('watch.player')
  const lasting = useLasting()
  const [, go] = useLocation()
  function close() {
    setNowPlaying(undefined)
    lasting.show(null)
  }
  return (
    <div className="mini-acts">
      <span className="mini-title">{title}</span>
      <Control icon={ExpandIcon} label={t('miniBack')} act={() => go(href)} />
      <Control icon={CloseIcon} label={t('miniClose')} act={close} />
    </div>
  )
}

/** Only its keepers are told how far a film has come, and only while it is coming. */
function useProgress(videoId: string, isComing: boolean): number | undefined {
  const { data } = useReading(videoOf(videoId), isComing ? { refreshMs: 4000 } : {})
  const progress = data?.progress
  return progress && progress.cellsPlanned > 0 ? progress.cellsDone / progress.cellsPlanned : undefined
}
