import { useTranslations } from 'use-intl'
import { Entrance } from '#web/features/accounts/entrance.tsx'
import { NotOwner, Welcome } from '#web/features/accounts/welcome.tsx'
import { useHead } from '#web/lib/head.ts'
import { site } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'
import { ButtonLink } from '#web/ui/button.tsx'

export const page: Page = { View: FirstRun, frame: 'plain' }

function FirstRun({ search }: Place) {
  const t = useTranslations('accounts.welcome')
  const { data: house } = useReading(site)
  const isOpen = house?.isNew === false
  useHead({ title: t('title'), isHidden: true })
  if (search.has('member')) {
    return (
      <Entrance title={t('title')}>
        <NotOwner />
      </Entrance>
    )
  }
  return (
    <Entrance title={isOpen ? t('openTitle') : t('title')} lead={isOpen ? t('openText') : t('lead')}>
      {isOpen ? <ButtonLink to="/">{t('memberOnlyAct')}</ButtonLink> : <Welcome />}
    </Entrance>
  )
}
