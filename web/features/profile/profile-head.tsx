import { useTranslations } from 'use-intl'
import type { Profile } from '#shared/api/accounts.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { ButtonLink } from '#web/ui/button.tsx'
import { Moment } from '#web/ui/moment.tsx'
import './profile.css'

export function ProfileHead({ person, isOwn }: { person: Profile; isOwn: boolean }) {
  const t = useTranslations('pages.profile')
  return (
    <header className="profile-head">
      <Avatar person={person} size="large" />
      <div className="profile-words">
        <h1>{person.displayName || person.username}</h1>
        <p className="profile-facts">
          <span>@{person.username}</span>
          {person.role === 'member' ? null : <span className="profile-role">{t(`roles.${person.role}`)}</span>}
          <span>{t.rich('since', { date: () => <Moment at={person.createdAt} look="month" /> })}</span>
        </p>
        {person.bio ? <p className="profile-bio">{person.bio}</p> : null}
        {isOwn ? (
          <div className="form-acts">
            <ButtonLink to="/settings/profile">{t('edit')}</ButtonLink>
          </div>
        ) : null}
      </div>
    </header>
  )
}
