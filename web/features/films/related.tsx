import { useTranslations } from 'use-intl'
import { useReading } from '#web/lib/reading.ts'
import { relatedTo } from './api.ts'
import { FilmCard } from './film-card.tsx'

export function RelatedFilms({ vid }: { vid: string }) {
  const t = useTranslations('films.related')
  const { data } = useReading(relatedTo(vid))
  if (!data || data.items.length === 0) return null
  return (
    <section className="film-list" aria-labelledby="related-title">
      <h2 id="related-title">{t('title')}</h2>
      {data.items.map((film) => (
        <FilmCard key={film.id} film={film} look="wide" />
      ))}
    </section>
  )
}
