import { useTranslations } from 'use-intl'
import { Notice } from '#web/ui/notice.tsx'

/** What needs the film itself, while there is none to look at. */
export function NotYet() {
  const t = useTranslations('studio')
  return <Notice title={t('notYetTitle')}>{t('notYet')}</Notice>
}
