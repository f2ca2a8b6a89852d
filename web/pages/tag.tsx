import { useTranslations } from 'use-intl'
import type { TagPage, VideoCard } from '#shared/api/videos.ts'
import { taggedBy } from '#web/features/films/api.ts'
import { FilmPages } from '#web/features/films/film-pages.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { usePages } from '#web/lib/use-pages.ts'

export const page: Page = { View: Tag, readings: ({ params }) => [taggedBy(params['tag'] ?? '')] }

function Tag({ params }: Place) {
  const t = useTranslations('films.tag')
  const asked = params['tag'] ?? ''
  const pages = usePages<VideoCard>(taggedBy(asked))
  const tag = (pages.first as TagPage | undefined)?.tag ?? asked
  useHead({ title: t('title', { tag }), feed: `/tag/${encodeURIComponent(asked)}/feed.xml` })
  return (
    <div className="films-page">
      <h1>{t('title', { tag })}</h1>
      <FilmPages pages={pages} empty={<p className="films-hint">{t('empty')}</p>} />
    </div>
  )
}
