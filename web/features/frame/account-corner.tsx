import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Link, useLocation } from 'wouter'
import type { OwnProfile } from '#shared/api/accounts.ts'
import { entranceFor } from '#shared/entrance.ts'
import { me, site } from '#web/lib/house.ts'
import { useReading } from '#web/lib/reading.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { ButtonLink } from '#web/ui/button.tsx'
import { ClockIcon, FilmsIcon, FlagIcon, LeaveIcon, ListIcon, PersonIcon, SettingsIcon, ToolsIcon } from '#web/ui/icons.tsx'
import { Menu } from '#web/ui/menu.tsx'
import { NoticeBell } from './notice-bell.tsx'
import { SignOut } from './sign-out.tsx'
import './account-corner.css'

const menuId = 'account-menu'

/** Who is here, and what is theirs; or the way in. */
export function AccountCorner({ children }: { children?: ReactNode }) {
  const { data } = useReading(me)
  return (
    <div className="corner">
      {data?.user ? <NoticeBell /> : null}
      {data?.user ? <Person user={data.user}>{children}</Person> : null}
      {data && !data.user ? <WaysIn /> : null}
    </div>
  )
}

function WaysIn() {
  const t = useTranslations('shell')
  const { data } = useReading(site)
  const [path] = useLocation()
  if (data?.isNew)
    return (
      <ButtonLink to="/welcome" look="lamp" size="small">
        {t('account.begin')}
      </ButtonLink>
    )
  return (
    <>
      {data && data.signUp !== 'closed' ? (
        <span className="corner-wide">
          <ButtonLink to={entranceFor(path, '/register')} look="bare" size="small">
            {t('account.signUp')}
          </ButtonLink>
        </span>
      ) : null}
      <ButtonLink to={entranceFor(path)} look="plain" size="small">
        {t('account.signIn')}
      </ButtonLink>
    </>
  )
}

function Person({ user, children }: { user: OwnProfile; children: ReactNode }) {
  const t = useTranslations('shell')
  return (
    <>
      <button
        className="corner-button"
        type="button"
        popoverTarget={menuId}
        aria-label={t('account.menu', { name: user.displayName || user.username })}
      >
        <Avatar person={user} />
      </button>
      <Menu id={menuId} label={t('account.yours')}>
        <Link className="menu-item corner-person" href={`/@${encodeURIComponent(user.username)}`}>
          <Avatar person={user} size="medium" />
          <span>
            <strong>{user.displayName || user.username}</strong>
            <span className="corner-username">@{user.username}</span>
          </span>
        </Link>
        <hr className="menu-line" />
        <Link className="menu-item" href={`/@${encodeURIComponent(user.username)}`}>
          <PersonIcon />
          {t('account.profile')}
        </Link>
        <Link className="menu-item" href="/studio">
          <FilmsIcon />
          {t('account.films')}
        </Link>
        <Link className="menu-item" href="/lists">
          <ListIcon />
          {t('account.lists')}
        </Link>
        <Link className="menu-item" href="/history">
          <ClockIcon />
          {t('account.history')}
        </Link>
        <Link className="menu-item" href="/settings">
          <SettingsIcon />
          {t('account.settings')}
        </Link>
        <Offices user={user} />
        <hr className="menu-line" />
        {children}
        <SignOut>
          <LeaveIcon />
          {t('account.signOut')}
        </SignOut>
      </Menu>
    </>
  )
}

/** What is not everybody's to do. */
function Offices({ user }: { user: OwnProfile }) {
  const t = useTranslations('shell')
  return (
    <>
      {user.role === 'member' ? null : (
        <Link className="menu-item" href="/moderation">
          <FlagIcon />
          {t('account.moderation')}
        </Link>
      )}
      {mayAdminister(user) ? (
        <Link className="menu-item" href="/admin">
          <ToolsIcon />
          {t('account.admin')}
        </Link>
      ) : null}
    </>
  )
}

function mayAdminister({ role }: OwnProfile): boolean {
  return role === 'owner' || role === 'admin'
}
