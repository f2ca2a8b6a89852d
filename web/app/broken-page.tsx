import { useTranslations } from 'use-intl'
import { Button, ButtonLink } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'

export function BrokenPage({ retry }: { retry(): void }) {
  const t = useTranslations('shell')
  return (
    <Notice
      isAlert
      level={1}
      title={t('failure.brokenPageTitle')}
      acts={
        <>
          <Button look="lamp" onClick={retry}>
            {t('words.retry')}
          </Button>
          <ButtonLink to="/">{t('words.home')}</ButtonLink>
        </>
      }
    >
      {t('failure.brokenPage')}
    </Notice>
  )
}
