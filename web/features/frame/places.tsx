import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { me } from '#web/lib/house.ts'
import { useReading } from '#web/lib/reading.ts'
import { HomeIcon, type Icon, SearchIcon, UploadIcon } from '#web/ui/icons.tsx'
import './places.css'

type PlaceToGo = { to: string; text: 'home' | 'search' | 'upload'; icon: Icon; on: 'phones' | 'all'; needs?: 'person' }

/** Where one can go from everywhere. On phones they stand at the thumb; what wide screens show otherwise (the name, the field) is not repeated there. */
const placesToGo: readonly PlaceToGo[] = [
  { to: '/', text: 'home', icon: HomeIcon, on: 'phones' },
  { to: '/search', text: 'search', icon: SearchIcon, on: 'phones' },
  { to: '/upload-films', text: 'upload', icon: UploadIcon, on: 'all', needs: 'person' },
]

export function Places({ at, children }: { at: string; children?: React.ReactNode }) {
  const t = useTranslations('shell')
  const { data } = useReading(me)
  return (
    <nav className="places" aria-label={t('frame.places')}>
      {placesToGo
        .filter(({ needs }) => needs === undefined || data?.user)
        .map(({ to, text, icon: Drawn, on }) => (
          <Link key={to} href={to} className={`place place-on-${on}`} aria-current={at === to ? 'page' : undefined}>
            <Drawn />
            <span>{t(`places.${text}`)}</span>
          </Link>
        ))}
      {children}
    </nav>
  )
}
