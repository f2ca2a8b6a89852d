import { useTranslations } from 'use-intl'
import './shape.css'

/** The shape of what comes, shown only when it takes longer than an eye needs to notice. */
export function Shape({ lines = 3, look = 'lines' }: { lines?: number; look?: 'lines' | 'rows' | 'person' }) {
  const t = useTranslations('shell')
  return (
    <div className={`shape shape-${look}`} role="status" aria-label={t('frame.loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <span className="shape-line" key={line} />
      ))}
    </div>
  )
}
