import { useTranslations } from 'use-intl'
import { ConfirmEmail } from '#web/features/accounts/confirm-email.tsx'
import { Entrance } from '#web/features/accounts/entrance.tsx'
import { useHead } from '#web/lib/head.ts'
import type { Page, Place } from '#web/lib/page.ts'

export const page: Page = { View: ConfirmEmailPage, frame: 'plain' }

function ConfirmEmailPage({ search }: Place) {
  const t = useTranslations('accounts.email')
  useHead({ title: t('title'), isHidden: true })
  return (
    <Entrance title={t('title')} lead={search.has('done') ? undefined : t('lead')}>
      <ConfirmEmail wasDone={search.has('done')} />
    </Entrance>
  )
}
