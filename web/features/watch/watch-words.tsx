import { type ReactNode, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Video } from '#shared/api/videos.ts'
import { useHydrated } from '#web/lib/use-hydrated.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { TimedText } from '#web/ui/timed-text.tsx'
import { FilmActs } from './film-acts.tsx'
import { nowPlaying } from './now-playing.ts'

const foldedFrom = 220

/** What is said of the film: its name, by whom, when, and what they wrote. */
export function WatchWords({ video, isOwn, isPerson, acts }: { video: Video; isOwn: boolean; isPerson: boolean; acts: ReactNode }) {
  const t = useTranslations('watch.page')
  const { title, owner, tags, views, year, cast, publishedAt, createdAt, visibility, publishAt } = video
  return (
    <header className="watch-head">
      <h1 className="watch-title">{title}</h1>
      <p className="watch-facts">
        {year === null ? null : <span>{year}</span>}
        <span>{t('views', { count: views })}</span>
        <Moment at={publishedAt ?? createdAt} look="ago" />
        {visibility === 'public' ? null : <span>{t(`visibility.${visibility}`)}</span>}
        {publishAt !== null && publishedAt === null ? (
          <span>{t.rich('soon', { date: () => <Moment at={publishAt} look="date and time" /> })}</span>
        ) : null}
      </p>
      <Making video={video} />
      <div className="watch-row">
        <Link className="watch-owner" href={`/@${encodeURIComponent(owner.username)}`}>
          <Avatar person={owner} size="medium" />
          <span>
            <strong>{owner.displayName || owner.username}</strong>
            <small>@{owner.username}</small>
          </span>
        </Link>
        <FilmActs video={video} isOwn={isOwn} isPerson={isPerson} more={acts} />
      </div>
      <Description key={video.id} text={video.description} />
      <People cast={cast} />
      {tags.length > 0 ? (
        <p className="watch-tags">
          {tags.map((tag) => (
            <Link key={tag} href={`/tag/${encodeURIComponent(tag)}`}>
              #{tag}
            </Link>
          ))}
        </p>
      ) : null}
    </header>
  )
}

/** Folded only where there is script to unfold it. */
function Description({ text }: { text: string }) {
  const t = useTranslations('watch.page')
  const isHydrated = useHydrated()
  const [isOpen, setIsOpen] = useState(false)
  if (text.trim() === '') return null
  const isLong = text.length > foldedFrom || text.split('\n').length > 3
  return (
    <>
      <p className="watch-text" data-folded={(isHydrated && isLong && !isOpen) || undefined}>
        <TimedText
          text={isHydrated && isLong && !isOpen ? text.replaceAll(/\n\s*\n/g, '\n') : text}
          seek={(atS) => nowPlaying()?.player.seek(atS)}
        />
      </p>
      {isHydrated && isLong ? (
        <button type="button" className="watch-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? t('less') : t('more')}
        </button>
      ) : null}
    </>
  )
}

const namedAtOnce = 8

/** Who stands before and behind the camera. A name leads to what else it is found by. */
function People({ cast }: Pick<Video, 'cast'>) {
  const t = useTranslations('watch.page')
  if (cast.length === 0) return null
  const [first, rest] = [cast.slice(0, namedAtOnce), cast.slice(namedAtOnce)]
  return (
    <section className="watch-people" aria-label={t('cast')}>
      <Named people={first} />
      {rest.length > 0 ? (
        <details>
          <summary className="watch-fold">{t('castMore', { count: rest.length })}</summary>
          <Named people={rest} />
        </details>
      ) : null}
    </section>
  )
}

function Named({ people }: { people: Video['cast'] }) {
  return (
    <ul className="watch-named" role="list">
      {people.map(({ name, part }, at) => (
        <li key={`${at} ${name}`}>
          <Link href={`/search?q=${encodeURIComponent(name)}`}>{name}</Link>
          {part === '' ? null : <small>{part}</small>}
        </li>
      ))}
    </ul>
  )
}

/** How far the film has come: for its keepers, while it is coming. */
function Making({ video: { state, progress } }: { video: Video }) {
  const t = useTranslations('watch.making')
  const format = useFormatter()
  if (!progress || progress.cellsPlanned === 0 || state === 'ready' || state === 'failed') return null
  const share = progress.cellsDone / progress.cellsPlanned
  const { secondsLeft } = progress
  return (
    <div className="watch-making">
      <progress value={share} max={1} aria-label={format.number(share, { style: 'percent' })} />
      <p>
        {t('bar', { share: format.number(share, { style: 'percent' }) })}
        {secondsLeft === null ? null : ` · ${t('left', { minutes: Math.max(1, Math.round(secondsLeft / 60)) })}`}
      </p>
    </div>
  )
}
