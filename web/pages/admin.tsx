import { useTranslations } from 'use-intl'
import { audit, chores, figures, houseSettings, invitations, people, playback, taskKinds, tasks } from '#web/features/admin/api.ts'
import { Audit } from '#web/features/admin/audit.tsx'
import { HouseSettings } from '#web/features/admin/house-settings.tsx'
import { Invitations } from '#web/features/admin/invitations.tsx'
import { Overview } from '#web/features/admin/overview.tsx'
import { PeopleList } from '#web/features/admin/people.tsx'
import { Playback } from '#web/features/admin/playback.tsx'
import { Tasks } from '#web/features/admin/tasks.tsx'
import { allFilms } from '#web/features/making/house/api.ts'
import { AllFilms } from '#web/features/making/house/all-films.tsx'
import { useHead } from '#web/lib/head.ts'
import { me } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { type Reading, useReading } from '#web/lib/reading.ts'
import { EyeIcon, FilmsIcon, HomeIcon, type Icon, PeopleIcon, ScrollIcon, SettingsIcon, TicketIcon, ToolsIcon } from '#web/ui/icons.tsx'
import { NeedsScript } from '#web/ui/needs-script.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Matter, Sections } from '#web/ui/sections.tsx'

type SectionName = 'overview' | 'people' | 'films' | 'invitations' | 'settings' | 'playback' | 'tasks' | 'audit'
const sections: readonly { name: SectionName; icon: Icon }[] = [
  { name: 'overview', icon: HomeIcon },
  { name: 'people', icon: PeopleIcon },
  { name: 'films', icon: FilmsIcon },
  { name: 'invitations', icon: TicketIcon },
  { name: 'settings', icon: SettingsIcon },
  { name: 'playback', icon: EyeIcon },
  { name: 'tasks', icon: ToolsIcon },
  { name: 'audit', icon: ScrollIcon },
]

export const page: Page = { View: AdminPage, readings: ({ params, search }) => readingsOf(sectionOf(params), search) }

function sectionOf(params: Place['params']): SectionName {
  return sections.find(({ name }) => name === params['section'])?.name ?? 'overview'
}

function readingsOf(section: SectionName, search: URLSearchParams): Reading<unknown>[] {
  switch (section) {
    case 'overview':
      return [figures]
    case 'people':
      return [people(search)]
    case 'films':
      return [allFilms(search)]
    case 'invitations':
      return [invitations]
    case 'settings':
      return [houseSettings]
    case 'playback':
      return [playback(search)]
    case 'tasks':
      return [tasks(search), taskKinds, chores]
    case 'audit':
      return [audit(search)]
  }
}

function AdminPage({ params, search }: Place) {
  const t = useTranslations('admin')
  const { data } = useReading(me)
  const here = sectionOf(params)
  const mayCome = data?.user?.role === 'owner' || data?.user?.role === 'admin'
  useHead({ title: `${t(`sections.${here}`)} · ${t('title')}`, isHidden: true })
  if (!mayCome)
    return (
      <Notice level={1} title={t('notYoursTitle')}>
        {t('notYours')}
      </Notice>
    )
  return (
    <Sections
      label={t('title')}
      title={t('title')}
      isIndex={params['section'] === undefined}
      back={{ to: '/admin', label: t('title') }}
      sections={sections.map(({ name, icon }) => ({ to: `/admin/${name}`, label: t(`sections.${name}`), icon, isHere: name === here }))}
    >
      <NeedsScript />
      <SectionOf name={here} search={search} />
    </Sections>
  )
}

function SectionOf({ name, search }: { name: SectionName; search: URLSearchParams }) {
  const t = useTranslations('admin')
  switch (name) {
    case 'overview':
      return (
        <Matter title={t('sections.overview')} isWhole>
          <Overview />
        </Matter>
      )
    case 'people':
      return (
        <Matter title={t('sections.people')} isWhole>
          <PeopleList search={search} />
        </Matter>
      )
    case 'films':
      return (
        <Matter title={t('sections.films')} isWhole>
          <AllFilms search={search} />
        </Matter>
      )
    case 'invitations':
      return <Invitations />
    case 'settings':
      return <HouseSettings />
    case 'playback':
      return (
        <Matter title={t('sections.playback')} text={t('playback.text')} isWhole>
          <Playback search={search} />
        </Matter>
      )
    case 'tasks':
      return <Tasks search={search} />
    case 'audit':
      return (
        <Matter title={t('sections.audit')} text={t('audit.text')} isWhole>
          <Audit search={search} />
        </Matter>
      )
  }
}
