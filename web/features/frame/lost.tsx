import { useTranslations } from 'use-intl'
import { Button } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'

/** A page could not be fetched: the network is away, or a newer Matinee has replaced the files of this one. Then only a full load helps. */
export function Lost({ failure, retry }: { failure: unknown; retry(): void }) {
  const t = useTranslations('shell')
  const isOffline = typeof navigator !== 'undefined' && !navigator.onLine
  if (!isOffline && failure instanceof TypeError) {
    return (
      <Notice
        isAlert
        level={1}
        title={t('failure.newerTitle')}
        acts={
          <Button look="lamp" onClick={() => location.reload()}>
            {t('failure.reload')}
          </Button>
        }
      >
        {t('failure.newer')}
      </Notice>
    )
  }
  return (
    <Notice
      isAlert
      level={1}
      title={t('failure.offlineTitle')}
      acts={
        <Button look="lamp" onClick={retry}>
          {t('words.retry')}
        </Button>
      }
    >
      {t('failure.unreachable')}
    </Notice>
  )
}
