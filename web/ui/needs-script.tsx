import { useTranslations } from 'use-intl'

/** Said to those alone whom it concerns. */
export function NeedsScript() {
  const t = useTranslations('shell')
  return (
    <noscript>
      <p className="form-failure">{t('frame.needsScript')}</p>
    </noscript>
  )
}
