import { useTranslations } from 'use-intl'
import type { OwnProfile } from '#shared/api/accounts.ts'
import type { SiteAnswer } from '#shared/api/admin.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { Seats } from './seats.tsx'
import './screening.css'

/** The empty cinema: the screen is lit and waits. One sentence, one button; which, depends on who has come in. */
export function Screening({ house, user }: { house: SiteAnswer | undefined; user: OwnProfile | undefined }) {
  const t = useTranslations('pages.home')
  const name = house?.name ?? 'Matinee'
  const guest = guestOf(house, user)
  return (
    <section className="screening" aria-labelledby="screening-title">
      <div className="screening-screen">
        <Leader />
        <h1 className="screening-title" id="screening-title">
          {t(`${guest.who}.title`, { name })}
        </h1>
        <p className="screening-text">{t(`${guest.who}.text`, { name })}</p>
        <ButtonLink look="screen" to={guest.to}>
          {t(`${guest.who}.act`)}
        </ButtonLink>
      </div>
      <Seats />
    </section>
  )
}

/** The lines of a film leader, which projectionists show before the film to set the frame. */
function Leader() {
  return (
    <svg className="screening-leader" viewBox="-239 -100 478 200" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <path d="M-600 0H600M0-300V300" />
      <circle r="88" />
      <circle r="78" />
    </svg>
  )
}

function guestOf(house: SiteAnswer | undefined, user: OwnProfile | undefined) {
  if (house?.isNew && !user) return { who: 'first', to: '/welcome' } as const
  if (user?.role === 'owner' || user?.role === 'admin') return { who: 'host', to: '/admin/invitations' } as const
  if (user) return { who: 'member', to: '/settings' } as const
  if (house && house.signUp !== 'closed') return { who: 'newcomer', to: '/register' } as const
  return { who: 'stranger', to: '/login' } as const
}
