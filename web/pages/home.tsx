import { useTranslations } from 'use-intl'
import { home } from '#web/features/films/api.ts'
import { HomeRows } from '#web/features/films/home-rows.tsx'
import { Screening } from '#web/features/home/screening.tsx'
import { useHead } from '#web/lib/head.ts'
import { me, site } from '#web/lib/house.ts'
import type { Page } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'

export const page: Page = { View: Home, extras: () => [home] }

/** The rows of the house; an empty one invites. */
function Home() {
  const t = useTranslations('pages.home')
  const house = useReading(site)
  const viewer = useReading(me)
  const { data: rows } = useReading(home)
  const name = house.data?.name ?? 'Matinee'
  useHead({ title: name, description: t('description', { name }), feed: '/feed.xml' })
  if (rows && rows.rows.length > 0) return <HomeRows rows={rows.rows} name={name} />
  return <Screening house={house.data} user={viewer.data?.user ?? undefined} />
}
