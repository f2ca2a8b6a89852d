import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { Playlist } from '#shared/api/playlists.ts'
import type { VideoCard } from '#shared/api/videos.ts'
import { listAddress } from './api.ts'

type Props = { lists: readonly Playlist[]; picture(film: VideoCard): ReactNode }

/** Lists as cards: the picture of the first film stands for all. */
export function ListCards({ lists, picture }: Props) {
  const t = useTranslations('films.lists')
  return (
    <ul className="film-grid" role="list">
      {lists.map((list) => {
        const title = list.kind === 'later' ? t('later') : list.title
        return (
          <li key={list.id}>
            <article className="film-card">
              <Link className="film-picture-frame" href={listAddress(list.id)} tabIndex={-1} aria-hidden="true">
                {list.cover ? picture(list.cover) : <span className="film-picture film-picture-none" />}
                <span className="film-length">{t('count', { count: list.count })}</span>
              </Link>
              <h3 className="film-title">
                <Link href={listAddress(list.id)}>{title}</Link>
              </h3>
            </article>
          </li>
        )
      })}
    </ul>
  )
}
