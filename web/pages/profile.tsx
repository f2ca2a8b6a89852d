import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Profile } from '#shared/api/accounts.ts'
import { ProfileHead } from '#web/features/profile/profile-head.tsx'
import { ProfileVideos } from '#web/features/profile/profile-videos.tsx'
import type { VideoCard } from '#shared/api/videos.ts'
import { filmsOf, followersOf } from '#web/features/films/api.ts'
import { FilmPicture } from '#web/features/films/film-picture.tsx'
import { listsOf } from '#web/features/lists/api.ts'
import { ListCards } from '#web/features/lists/list-cards.tsx'
import { FilmPages } from '#web/features/films/film-pages.tsx'
import { BlockButton, FollowButton, Followers } from '#web/features/films/follow-button.tsx'
import { Reporting } from '#web/features/reports/reporting.tsx'
import { useReport } from '#web/lib/report.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { useHead } from '#web/lib/head.ts'
import { me } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { type Reading, reading, useReading } from '#web/lib/reading.ts'
import { IconButton } from '#web/ui/button.tsx'
import { FlagIcon } from '#web/ui/icons.tsx'
import { FailedNotice, Notice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'

const profileOf = (username: string): Reading<Profile> => reading(`/user/${encodeURIComponent(username)}`)

export const page: Page = {
  View: ProfilePage,
  readings: ({ params }) => [profileOf(params['username'] ?? '')],
  extras: ({ params }) => [filmsOf(params['username'] ?? ''), followersOf(params['username'] ?? '')],
}

function ProfilePage({ params }: Place) {
  const t = useTranslations('pages.profile')
  const username = params['username'] ?? ''
  const { data: person, error, refetch } = useReading(profileOf(username))
  const { data: viewer } = useReading(me)
  const name = person?.displayName || username
  useHead({
    title: name,
    ...(person
      ? { description: person.bio || t('description', { name }), feed: `/@${encodeURIComponent(person.username)}/feed.xml` }
      : { isHidden: true }),
    ...(person?.avatar ? { image: person.avatar.large } : {}),
  })
  if (error?.status === 404)
    return (
      <Notice level={1} title={t('missingTitle')}>
        {t('missing', { username })}
      </Notice>
    )
  if (error?.status === 401 || error?.status === 403)
    return (
      <Notice level={1} title={t('closedTitle')}>
        {t('closed')}
      </Notice>
    )
  if (error) return <FailedNotice level={1} failure={error} retry={refetch} />
  if (!person) return <Shape look="person" />
  const isOwn = viewer?.user?.id === person.id
  return (
    <Reporting isPerson={Boolean(viewer?.user)}>
      <ProfileHead
        person={person}
        isOwn={isOwn}
        facts={<Followers username={username} />}
        acts={viewer?.user ? <OthersActs person={person} /> : null}
      />
      <div className="films-page">
        <Lists username={username} />
        <Films username={username} empty={<ProfileVideos name={name} isOwn={isOwn} />} />
      </div>
    </Reporting>
  )
}

function OthersActs({ person }: { person: Profile }) {
  const t = useTranslations('films.report')
  const report = useReport()
  return (
    <>
      <FollowButton username={person.username} />
      <BlockButton person={person} />
      {report ? (
        <IconButton
          icon={FlagIcon}
          label={t('person')}
          onClick={() => report({ path: `/user/${encodeURIComponent(person.username)}`, what: person.displayName || person.username })}
        />
      ) : null}
    </>
  )
}

function Lists({ username }: { username: string }) {
  const t = useTranslations('films.lists')
  const { data } = useReading(listsOf(username))
  if (!data || data.items.length === 0) return null
  return (
    <section className="film-list" aria-labelledby="lists-title">
      <h2 id="lists-title">{t('lists')}</h2>
      <ListCards lists={data.items} picture={(film) => <FilmPicture film={film} isFirst={false} />} />
    </section>
  )
}

function Films({ username, empty }: { username: string; empty: ReactNode }) {
  const pages = usePages<VideoCard>(filmsOf(username))
  return <FilmPages pages={pages} empty={empty} />
}
