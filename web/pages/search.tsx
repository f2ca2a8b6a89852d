import { useTranslations } from 'use-intl'
import { SearchPage } from '#web/features/search/search-page.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page, Place } from '#web/lib/page.ts'

export const page: Page = { View: Search }

function Search({ search }: Place) {
  const t = useTranslations('pages.search')
  const words = search.get('q')?.trim() ?? ''
  useHead({ title: words ? t('titleFor', { words }) : t('title'), isHidden: true })
  return <SearchPage words={words} />
}
