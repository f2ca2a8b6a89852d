import { useTranslations } from 'use-intl'
import { useOnline } from '#web/lib/use-online.ts'
import './offline-line.css'

/** Says that the line is gone as long as it is, and stands in nobody's way. */
export function OfflineLine() {
  const t = useTranslations('shell')
  const isOnline = useOnline()
  return (
    <div className="offline" role="status">
      {isOnline ? null : <p className="offline-line">{t('failure.offlineLine')}</p>}
    </div>
  )
}
