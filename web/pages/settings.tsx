import { useTranslations } from 'use-intl'
import type { OwnProfile } from '#shared/api/accounts.ts'
import { LanguageSwitch } from '#web/features/preferences/language-switch.tsx'
import { ThemeSwitch } from '#web/features/preferences/theme-switch.tsx'
import { NoticeChoices } from '#web/features/notices/notice-choices.tsx'
import { AccountMatters } from '#web/features/settings/account-matters.tsx'
import { blocked, secondFactor, sessions } from '#web/features/settings/api.ts'
import { BlockedMatter } from '#web/features/settings/blocked-matter.tsx'
import { PasswordMatter } from '#web/features/settings/password-matter.tsx'
import { ProfileMatters } from '#web/features/settings/profile-matters.tsx'
import { SecondFactorMatter } from '#web/features/settings/second-factor-matter.tsx'
import { SessionsMatter } from '#web/features/settings/sessions-matter.tsx'
import { ZoneMatter } from '#web/features/settings/zone-matter.tsx'
import { useHead } from '#web/lib/head.ts'
import { me } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'
import { BellIcon, GlobeIcon, KeyIcon, PeopleIcon, PersonIcon, TicketIcon } from '#web/ui/icons.tsx'
import { NeedsScript } from '#web/ui/needs-script.tsx'
import { Matter, Sections } from '#web/ui/sections.tsx'

const sections = [
  { name: 'profile', icon: PersonIcon },
  { name: 'look', icon: GlobeIcon },
  { name: 'notices', icon: BellIcon },
  { name: 'people', icon: PeopleIcon },
  { name: 'security', icon: KeyIcon },
  { name: 'account', icon: TicketIcon },
] as const

type SectionName = (typeof sections)[number]['name']

export const page: Page = {
  View: SettingsPage,
  extras: ({ params }) => (params['section'] === 'security' ? [sessions, secondFactor] : params['section'] === 'people' ? [blocked] : []),
}

function SettingsPage({ params }: Place) {
  const t = useTranslations('settings')
  const { data } = useReading(me)
  const here = sections.find(({ name }) => name === params['section'])?.name ?? 'profile'
  useHead({ title: `${t(`sections.${here}`)} · ${t('title')}`, isHidden: true })
  if (!data?.user) return null
  return (
    <Sections
      label={t('title')}
      title={t('title')}
      isIndex={params['section'] === undefined}
      back={{ to: '/settings', label: t('title') }}
      sections={sections.map(({ name, icon }) => ({ to: `/settings/${name}`, label: t(`sections.${name}`), icon, isHere: name === here }))}
    >
      <NeedsScript />
      <SectionOf name={here} user={data.user} />
    </Sections>
  )
}

function SectionOf({ name, user }: { name: SectionName; user: OwnProfile }) {
  switch (name) {
    case 'profile':
      return <ProfileMatters user={user} />
    case 'look':
      return <LookMatters user={user} />
    case 'notices':
      return <NoticeChoices />
    case 'people':
      return <BlockedMatter />
    case 'security':
      return (
        <>
          <PasswordMatter user={user} />
          <SecondFactorMatter user={user} />
          <SessionsMatter />
        </>
      )
    case 'account':
      return <AccountMatters user={user} />
  }
}

function LookMatters({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings')
  return (
    <>
      <Matter title={t('language.title')} text={t('language.text')}>
        <LanguageSwitch />
      </Matter>
      <Matter title={t('theme.title')} text={t('theme.text')}>
        <ThemeSwitch />
      </Matter>
      <ZoneMatter user={user} />
    </>
  )
}
