import { useTranslations } from 'use-intl'
import { Notice } from '#web/ui/notice.tsx'

/** Nobody has films yet. */
export function ProfileVideos({ name, isOwn }: { name: string; isOwn: boolean }) {
  const t = useTranslations('pages.profile')
  return <Notice title={t('noFilmsTitle')}>{isOwn ? t('noFilmsOwn') : t('noFilms', { name })}</Notice>
}
