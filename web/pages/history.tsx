import { useTranslations } from 'use-intl'
import { historyFor } from '#web/features/films/api.ts'
import { History } from '#web/features/films/history.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page, Place } from '#web/lib/page.ts'

const wordsIn = ({ search }: Place) => search.get('q')?.trim() ?? ''

export const page: Page = { View: HistoryOf, extras: (place) => [historyFor(wordsIn(place))] }

function HistoryOf(place: Place) {
  const t = useTranslations('films.history')
  useHead({ title: t('title'), isHidden: true })
  const words = wordsIn(place)
  return <History key={words} words={words} />
}
