import { type ReactNode, useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Video } from '#shared/api/videos.ts'
import { useApi } from '#web/lib/api-context.ts'
import { toShortCount } from '#web/lib/counts.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useReadings } from '#web/lib/reading.ts'
import { useReport } from '#web/lib/report.ts'
import { DownloadIcon, FlagIcon } from '#web/ui/icons.tsx'
import { HeartIcon, PenIcon, ShareIcon, StarIcon } from '#web/ui/film-icons.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { videoOf } from './api.ts'
import { ShareDialog } from './share-dialog.tsx'

type Props = {
  video: Video
  isOwn: boolean
  isPerson: boolean
  /** What else a person may do with it. */
  more: ReactNode
}

export function FilmActs({ video, isOwn, isPerson, more }: Props) {
  const t = useTranslations('watch.page')
  const language = useLocale()
  const mark = useMark(video)
  const report = useReport()
  const [isSharing, setIsSharing] = useState(false)
  const short = (count: number) => toShortCount(count, language)
  return (
    <div className="watch-acts">
      {isPerson ? (
        <>
          <button type="button" className="watch-act" aria-pressed={video.isLiked} onClick={() => mark('like')}>
            <HeartIcon />
            <span className="unseen">{video.isLiked ? t('liked') : t('like')}</span>
            <span>{short(video.likes)}</span>
          </button>
          <button type="button" className="watch-act" aria-pressed={video.isFavourite} onClick={() => mark('favourite')}>
            <StarIcon />
            {video.isFavourite ? t('favoured') : t('favourite')}
          </button>
          {more}
        </>
      ) : null}
      <button type="button" className="watch-act" onClick={() => setIsSharing(true)}>
        <ShareIcon />
        {t('share')}
      </button>
      {video.isDownloadable || isOwn ? (
        <a className="watch-act" href={`/stream/${encodeURIComponent(video.id)}`} download={video.fileName ?? video.title}>
          <DownloadIcon />
          {t('download')}
        </a>
      ) : null}
      {report && !isOwn ? (
        <button
          type="button"
          className="watch-act watch-act-bare"
          aria-label={t('report')}
          title={t('report')}
          onClick={() => report({ path: videoOf(video.id).path, what: video.title })}
        >
          <FlagIcon />
        </button>
      ) : null}
      {isOwn ? (
        <Link className="watch-act" href={`/studio/${video.id}`}>
          <PenIcon />
          {t('edit')}
        </Link>
      ) : null}
      <ShareDialog video={video} isOpen={isSharing} close={() => setIsSharing(false)} />
    </div>
  )
}

/** Shown at once, and taken back where the house says no. */
function useMark(video: Video) {
  const api = useApi()
  const { put, forget } = useReadings()
  const say = useSay()
  const textOf = useFailureText()
  return async (what: 'like' | 'favourite') => {
    const reading = videoOf(video.id)
    const [flag, count] = what === 'like' ? (['isLiked', 'likes'] as const) : (['isFavourite', 'favourites'] as const)
    const isOn = !video[flag]
    put(reading, { ...video, [flag]: isOn, [count]: Math.max(0, video[count] + (isOn ? 1 : -1)) })
    try {
      await api.send(isOn ? 'PUT' : 'DELETE', `${reading.path}/${what}`)
    } catch (failure) {
      put(reading, video)
      if (failure instanceof ApiFailure) say({ look: 'failed', text: textOf(failure) })
      void forget(reading.path)
    }
  }
}
