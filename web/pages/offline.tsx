import { useTranslations } from 'use-intl'
import { useHead } from '#web/lib/head.ts'
import type { Page } from '#web/lib/page.ts'
import { Button } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'

export const page: Page = { View: Offline }

/** Kept by the service worker and shown wherever one wanted to go without a connection: trying again goes there. */
function Offline() {
  const t = useTranslations('shell')
  useHead({ title: t('failure.offlineTitle'), isHidden: true })
  return (
    <Notice
      level={1}
      title={t('failure.offlineTitle')}
      acts={
        <Button look="lamp" onClick={() => location.reload()}>
          {t('words.retry')}
        </Button>
      }
    >
      {t('failure.offline')}
    </Notice>
  )
}
