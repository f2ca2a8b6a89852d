import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import './footer.css'

export function Footer({ children }: { children: ReactNode }) {
  const t = useTranslations('shell')
  return (
    <footer className="foot">
      <p>{t('frame.colophon')}</p>
      <div className="foot-choices">{children}</div>
    </footer>
  )
}
