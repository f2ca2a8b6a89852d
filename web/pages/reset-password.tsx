import { useTranslations } from 'use-intl'
import { Entrance } from '#web/features/accounts/entrance.tsx'
import { ResetDone, ResetPassword } from '#web/features/accounts/forgotten.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page, Place } from '#web/lib/page.ts'

export const page: Page = { View: Reset, frame: 'plain' }

function Reset({ search }: Place) {
  const t = useTranslations('accounts.reset')
  useHead({ title: t('title'), isHidden: true })
  return (
    <Entrance title={t('title')} lead={search.has('done') ? undefined : t('lead')}>
      {search.has('done') ? <ResetDone /> : <ResetPassword />}
    </Entrance>
  )
}
