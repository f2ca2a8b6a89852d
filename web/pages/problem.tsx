import { useTranslations } from 'use-intl'
import { useHead } from '#web/lib/head.ts'
import type { Page } from '#web/lib/page.ts'
import { usePageState } from '#web/lib/page-state.ts'
import { Button, ButtonLink } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'

export const page: Page = { status: 404, View: ProblemPage }

/** A request for a page that came to nothing: no such address, or something in the way. */
function ProblemPage() {
  const t = useTranslations('pages.problem')
  const words = useTranslations('shell.words')
  const { problem } = usePageState()
  const isMissing = !problem || problem.status === 404
  const title = isMissing ? t('missingTitle') : problem.status >= 500 ? t('brokenTitle') : t('refusedTitle')
  useHead({ title, isHidden: true })
  return (
    <Notice
      level={1}
      title={title}
      acts={
        <>
          {isMissing ? null : <Button onClick={() => location.reload()}>{words('retry')}</Button>}
          <ButtonLink look="lamp" to="/">
            {words('home')}
          </ButtonLink>
        </>
      }
    >
      {isMissing ? t('missing') : problem.status >= 500 && problem.requestId ? t('broken', { id: problem.requestId }) : problem.text}
    </Notice>
  )
}
