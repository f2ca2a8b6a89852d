import { useTranslations } from 'use-intl'
import { Screening } from '#web/features/home/screening.tsx'
import { useHead } from '#web/lib/head.ts'
import { me, site } from '#web/lib/house.ts'
import type { Page } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'

export const page: Page = { View: Home }

function Home() {
  const t = useTranslations('pages.home')
  const house = useReading(site)
  const viewer = useReading(me)
  const name = house.data?.name ?? 'Matinee'
  useHead({ title: name, description: t('description', { name }) })
  return <Screening house={house.data} user={viewer.data?.user ?? undefined} />
}
