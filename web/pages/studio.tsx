import { useTranslations } from 'use-intl'
import { FilmEditor } from '#web/features/making/studio/film-editor.tsx'
import { StudioList } from '#web/features/making/studio/studio-list.tsx'
import { ThrownAway } from '#web/features/making/studio/thrown-away.tsx'
import { useHead } from '#web/lib/head.ts'
import { me } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { useReading } from '#web/lib/reading.ts'
import { NeedsScript } from '#web/ui/needs-script.tsx'

export const page: Page = { View: StudioPage }

function StudioPage({ params, search }: Place) {
  const t = useTranslations('making.studio')
  const { data } = useReading(me)
  useHead({ title: t('title'), isHidden: true })
  if (!data?.user) return null
  const { vid } = params
  // Those who look after all films change anybody's; whether they may, the house says.
  const username = search.get('of') ?? data.user.username
  return (
    <>
      <NeedsScript />
      <View username={username} vid={vid} search={search} />
    </>
  )
}

function View({ username, vid, search }: { username: string; vid: string | undefined; search: URLSearchParams }) {
  if (vid !== undefined) return <FilmEditor key={vid} username={username} vid={vid} />
  return search.has('thrown') ? <ThrownAway username={username} /> : <StudioList username={username} search={search} />
}
