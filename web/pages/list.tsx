import { useTranslations } from 'use-intl'
import { FilmCard } from '#web/features/films/film-card.tsx'
import { itemsOf, listOf } from '#web/features/lists/api.ts'
import { ListPage } from '#web/features/lists/list-page.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'
import { FailedNotice, Notice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'

const idOf = ({ params }: Place) => params['id'] ?? ''

export const page: Page = { View: List, readings: (place) => [listOf(idOf(place))], extras: (place) => [itemsOf(idOf(place))] }

function List(place: Place) {
  const t = useTranslations('films.lists')
  const { data: list, error, refetch } = useReading(listOf(idOf(place)))
  const title = list?.kind === 'later' ? t('later') : list?.title
  useHead({ title: title ?? t('missingTitle'), isHidden: list?.visibility !== 'public' })
  if (error?.status === 404)
    return (
      <Notice level={1} title={t('missingTitle')}>
        {t('missing')}
      </Notice>
    )
  if (error && !list) return <FailedNotice level={1} failure={error} retry={refetch} />
  if (!list) return <Shape lines={4} />
  return <ListPage key={list.id} list={list} card={(film) => <FilmCard film={film} look="wide" />} />
}
