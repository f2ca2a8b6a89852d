import { useTranslations } from 'use-intl'
import { DownloadIcon } from '#web/ui/icons.tsx'
import { Matter } from '#web/ui/sections.tsx'

/** Everything of one's own as one file; a plain link, so that it comes without script too. */
export function ExportMatter() {
  const t = useTranslations('settings.export')
  return (
    <Matter title={t('title')} text={t('text')}>
      <p>{t('what')}</p>
      <div className="form-acts">
        <a className="button button-plain" href="/api/me/export" download>
          <DownloadIcon />
          {t('act')}
        </a>
      </div>
    </Matter>
  )
}
