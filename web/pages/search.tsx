import { useTranslations } from 'use-intl'
import { FilmCard } from '#web/features/films/film-card.tsx'
import { toLength } from '#web/features/films/length.ts'
import { resultsFor, soughtBy } from '#web/features/search/api.ts'
import { type Found, SearchPage } from '#web/features/search/search-page.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page, Place } from '#web/lib/page.ts'

export const page: Page = { View: Search, extras: ({ search }) => [resultsFor(soughtBy(search))] }

function Search({ search }: Place) {
  const t = useTranslations('pages.search')
  const sought = soughtBy(search)
  const { words } = sought
  useHead({ title: words ? t('titleFor', { words }) : t('title'), isHidden: true })
  return (
    <SearchPage
      sought={sought}
      card={(film, at) => (
        <li>
          <FoundFilm film={film} isFirst={at < 4} />
        </li>
      )}
    />
  )
}

/** Where its subtitles say what was sought, the card leads to that moment. */
function FoundFilm({ film, isFirst }: { film: Found; isFirst: boolean }) {
  const t = useTranslations('films.search')
  const { moment } = film
  return (
    <FilmCard film={film} look="wide" isFirst={isFirst} {...(moment ? { atMs: moment.atMs } : {})}>
      {moment ? <p className="film-moment">{t('moment', { time: toLength(moment.atMs), text: moment.text })}</p> : null}
    </FilmCard>
  )
}
