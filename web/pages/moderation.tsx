import { useTranslations } from 'use-intl'
import { blockedWords, casesFor, heldComments, sheetOf } from '#web/features/moderation/api.ts'
import { BlockedWords } from '#web/features/moderation/blocked-words.tsx'
import { CaseList } from '#web/features/moderation/case-list.tsx'
import { HeldList } from '#web/features/moderation/held-list.tsx'
import { PersonSheet } from '#web/features/moderation/person-sheet.tsx'
import { useHead } from '#web/lib/head.ts'
import { me } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'
import { ClockIcon, FlagIcon, type Icon, PersonIcon, ScrollIcon } from '#web/ui/icons.tsx'
import { Matter, Sections } from '#web/ui/sections.tsx'

type SectionName = 'cases' | 'held' | 'words' | 'person'
const sections: readonly { name: SectionName; icon: Icon }[] = [
  { name: 'cases', icon: FlagIcon },
  { name: 'held', icon: ClockIcon },
  { name: 'words', icon: ScrollIcon },
  { name: 'person', icon: PersonIcon },
]

export const page: Page = { View: Moderation }

/** Where reports are judged, and where owners let comments through: each sees what is theirs to do. */
function Moderation({ params, search }: Place) {
  const t = useTranslations('moderation')
  const { data } = useReading(me)
  const role = data?.user?.role ?? 'member'
  const isModerator = role !== 'member'
  const name = search.get('name') ?? ''
  const offered = sections.filter((one) => one.name === 'held' || (isModerator && (one.name !== 'person' || name !== '')))
  const here = offered.find((one) => one.name === params['section'])?.name ?? offered[0]?.name ?? 'held'
  useHead({ title: `${t(`sections.${here}`)} · ${t('title')}`, isHidden: true })
  if (!data?.user) return null
  return (
    <Sections
      label={t('title')}
      title={t('title')}
      isIndex={params['section'] === undefined}
      back={{ to: '/moderation', label: t('title') }}
      sections={offered.map((one) => ({
        to: `/moderation/${one.name}${one.name === 'person' ? `?name=${encodeURIComponent(name)}` : ''}`,
        label: t(`sections.${one.name}`),
        icon: one.icon,
        isHere: one.name === here,
      }))}
    >
      <SectionOf name={here} isModerator={isModerator} search={search} />
    </Sections>
  )
}

function SectionOf({ name, isModerator, search }: { name: SectionName; isModerator: boolean; search: URLSearchParams }) {
  const t = useTranslations('moderation')
  switch (name) {
    case 'cases':
      return (
        <Matter title={t('sections.cases')} isWhole>
          <CaseList key={casesFor(search).path} search={search} />
        </Matter>
      )
    case 'held':
      return (
        <Matter title={t('sections.held')} text={t('held.text')} isWhole>
          <HeldList key={heldComments(isModerator ? 'all' : 'own').path} of={isModerator ? 'all' : 'own'} />
        </Matter>
      )
    case 'words':
      return <BlockedWords key={blockedWords.path} />
    case 'person':
      return (
        <Matter title={t('sections.person')} isWhole>
          <PersonSheet key={sheetOf(search.get('name') ?? '').path} username={search.get('name') ?? ''} />
        </Matter>
      )
  }
}
