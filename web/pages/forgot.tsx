import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { Entrance } from '#web/features/accounts/entrance.tsx'
import { AskReset } from '#web/features/accounts/forgotten.tsx'
import { useHead } from '#web/lib/head.ts'
import { site } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'

export const page: Page = { View: Forgot, frame: 'plain' }

function Forgot({ search }: Place) {
  const t = useTranslations('accounts.forgotten')
  const { data: house } = useReading(site)
  const canSend = house?.canSendMail ?? false
  useHead({ title: t('title'), isHidden: true })
  return (
    <Entrance
      title={t('title')}
      lead={canSend ? t('lead') : t('leadNoMail')}
      aside={<p>{t.rich('back', { link: (text) => <Link href="/login">{text}</Link> })}</p>}
    >
      {canSend ? <AskReset wasSent={search.has('sent')} /> : null}
    </Entrance>
  )
}
