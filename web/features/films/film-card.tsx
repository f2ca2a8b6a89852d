import { memo, type ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { VideoCard } from '#shared/api/videos.ts'
import { toCount } from '#web/lib/counts.ts'
import { Moment } from '#web/ui/moment.tsx'
import { FilmPicture } from './film-picture.tsx'
import { toLength } from './length.ts'
import './film-card.css'

type Props = {
  film: VideoCard
  look?: 'tall' | 'wide'
  /** The first ones of a page are wanted at once. */
  isFirst?: boolean
  atMs?: number
  children?: ReactNode
}

/** A film as lists show it: its picture, its name, then who and when. The whole of it leads to the film. */
export const FilmCard = memo(function FilmCard({ film, look = 'tall', isFirst = false, atMs, children }: Props) {
  const t = useTranslations('films.card')
  const { id, title, owner, durationMs, views, publishedAt, progressMs, state } = film
  const isMade = state === 'ready' || state === 'playable'
  const seen = progressMs !== null && durationMs ? Math.min(1, progressMs / durationMs) : 0
  return (
    <article className={`film-card film-card-${look}`}>
      <Link
        className="film-picture-frame"
        href={`/watch/${id}${atMs === undefined ? '' : `?t=${Math.floor(atMs / 1000)}`}`}
        tabIndex={-1}
        aria-hidden="true"
      >
        <FilmPicture film={film} isFirst={isFirst} />
        {isMade ? null : <span className="film-chip">{t('making')}</span>}
        {durationMs ? <span className="film-length">{toLength(durationMs)}</span> : null}
        {seen > 0.01 ? <progress className="film-seen" value={seen} max={1} /> : null}
      </Link>
      <div className="film-words">
        <h3 className="film-title">
          <Link href={`/watch/${id}${atMs === undefined ? '' : `?t=${Math.floor(atMs / 1000)}`}`}>{title}</Link>
        </h3>
        <p className="film-facts">
          <Link href={`/@${encodeURIComponent(owner.username)}`}>{owner.displayName || owner.username}</Link>
          <span title={toCount(views)}>{t('views', { count: views })}</span>
          {publishedAt ? <Moment at={publishedAt} look="ago" /> : null}
        </p>
        {children}
      </div>
    </article>
  )
})
