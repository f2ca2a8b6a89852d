import { useTranslations } from 'use-intl'
import { UploadFilms } from '#web/features/making/upload/upload-films.tsx'
import { useHead } from '#web/lib/head.ts'
import { me } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'

export const page: Page = { View: UploadFilmsPage }

function UploadFilmsPage({ search }: Place) {
  const t = useTranslations('making.upload')
  const { data } = useReading(me)
  useHead({ title: t('title'), isHidden: true })
  if (!data?.user) return null
  return <UploadFilms user={data.user} into={search.get('into') ?? undefined} />
}
