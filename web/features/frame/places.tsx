import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { HomeIcon, type Icon, SearchIcon } from '#web/ui/icons.tsx'
import './places.css'

type PlaceToGo = { to: string; text: 'home' | 'search'; icon: Icon; on: 'phones' | 'all' }

/** Where one can go from everywhere. On phones they stand at the thumb; what wide screens show otherwise (the name, the field) is not repeated there. */
const placesToGo: readonly PlaceToGo[] = [
  { to: '/', text: 'home', icon: HomeIcon, on: 'phones' },
  { to: '/search', text: 'search', icon: SearchIcon, on: 'phones' },
]

export function Places({ at, children }: { at: string; children?: React.ReactNode }) {
  const t = useTranslations('shell')
  return (
    <nav className="places" aria-label={t('frame.places')}>
      {placesToGo.map(({ to, text, icon: Drawn, on }) => (
        <Link key={to} href={to} className={`place place-on-${on}`} aria-current={at === to ? 'page' : undefined}>
          <Drawn />
          <span>{t(`places.${text}`)}</span>
        </Link>
      ))}
      {children}
    </nav>
  )
}
