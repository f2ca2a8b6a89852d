import { useTranslations } from 'use-intl'
import { useHead } from '#web/lib/head.ts'
import type { Page } from '#web/lib/page.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'

export const page: Page = { status: 404, View: NotFound }

function NotFound() {
  const t = useTranslations()
  useHead({ title: t('pages.notFound.title'), isHidden: true })
  return (
    <Notice
      level={1}
      title={t('pages.notFound.title')}
      acts={
        <>
          <ButtonLink look="lamp" to="/">
            {t('shell.words.home')}
          </ButtonLink>
          <ButtonLink to="/search">{t('shell.places.search')}</ButtonLink>
        </>
      }
    >
      {t('pages.notFound.text')}
    </Notice>
  )
}
