import type { VideoCard } from '#shared/api/videos.ts'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Pages } from '#web/lib/use-pages.ts'
import { Paged } from '#web/ui/paged.tsx'
import { FilmCard } from './film-card.tsx'

/** A list of films in pages, as a grid. */
export function FilmPages({ pages, empty }: { pages: Pages<VideoCard>; empty: ReactNode }) {
  const t = useTranslations('films.channel')
  return (
    <Paged pages={pages} empty={empty}>
      {(items) => (
        <section aria-labelledby="films-title">
          <h2 className="unseen" id="films-title">
            {t('films')}
          </h2>
          <ul className="film-grid" role="list">
            {items.map((film, at) => (
              <li key={film.id}>
                <FilmCard film={film} isFirst={at < 4} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </Paged>
  )
}
