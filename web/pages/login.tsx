import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { entranceFor, targetOf } from '#shared/entrance.ts'
import { Entrance } from '#web/features/accounts/entrance.tsx'
import { SignIn } from '#web/features/accounts/sign-in.tsx'
import { useHead } from '#web/lib/head.ts'
import { site } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'

export const page: Page = { View: Login, frame: 'plain' }

function Login({ search }: Place) {
  const t = useTranslations('accounts.signIn')
  const { data: house } = useReading(site)
  useHead({ title: t('title'), isHidden: true })
  return (
    <Entrance
      title={t('title')}
      lead={search.has('to') ? t('needed') : undefined}
      aside={
        house?.signUp === 'closed' ? undefined : (
          <p>{t.rich('new', { link: (text) => <Link href={entranceFor(targetOf(search), '/register')}>{text}</Link> })}</p>
        )
      }
    >
      <SignIn target={targetOf(search)} />
    </Entrance>
  )
}
