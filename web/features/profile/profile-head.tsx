import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Profile } from '#shared/api/accounts.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { ButtonLink } from '#web/ui/button.tsx'
import { Moment } from '#web/ui/moment.tsx'
import './profile.css'

type Props = {
  person: Profile
  isOwn: boolean
  /** Beside who it is: how many follow. */
  facts: ReactNode
  /** What others can do here. */
  acts: ReactNode
}

export function ProfileHead({ person, isOwn, facts, acts }: Props) {
  const t = useTranslations('pages.profile')
  return (
    <header className="profile-head">
      <Avatar person={person} size="large" />
      <div className="profile-words">
        <h1>{person.displayName || person.username}</h1>
        <p className="profile-facts">
          <span>@{person.username}</span>
          {person.role === 'member' ? null : <span className="profile-role">{t(`roles.${person.role}`)}</span>}
          {facts}
          <span>{t.rich('since', { date: () => <Moment at={person.createdAt} look="month" /> })}</span>
        </p>
        {person.bio ? <p className="profile-bio">{person.bio}</p> : null}
        <div className="form-acts">{isOwn ? <ButtonLink to="/settings/profile">{t('edit')}</ButtonLink> : acts}</div>
      </div>
    </header>
  )
}
