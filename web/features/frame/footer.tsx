import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import './footer.css'

/** The source is offered on every page: the licence owes it to whoever uses a changed Matinee over a network. */
export function Footer({ sourceUrl, children }: { sourceUrl: string | null; children: ReactNode }) {
  const t = useTranslations('shell')
  return (
    <footer className="foot">
      <p className="foot-words">
        <span>{t('frame.colophon')}</span>
        {sourceUrl === null ? null : (
          <a href={sourceUrl} rel="noreferrer">
            {t('frame.source')}
          </a>
        )}
      </p>
      <div className="foot-choices">{children}</div>
    </footer>
  )
}
