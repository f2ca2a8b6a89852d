import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ConfirmEmailBody } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useLinkToken } from '#web/lib/use-link-token.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { Form } from '#web/ui/form.tsx'
import { LinkToken } from './forgotten.tsx'
import { Submit } from './submit.tsx'

/** Asks for a press of a button: programs that look at links in letters must not confirm for people. */
export function ConfirmEmail({ wasDone }: { wasDone: boolean }) {
  const t = useTranslations('accounts.email')
  const api = useApi()
  const token = useLinkToken()
  const [isDone, setIsDone] = useState(wasDone)
  if (isDone) {
    return (
      <div className="form" role="status">
        <p>{t('done')}</p>
        <div className="form-acts">
          <ButtonLink look="lamp" to="/">
            {t('home')}
          </ButtonLink>
        </div>
      </div>
    )
  }
  return (
    <Form
      action="/confirm-email"
      send={async (values) => {
        const body = { token: token || (values['token'] ?? '').trim() } satisfies ConfirmEmailBody
        await api.send('POST', '/email-confirmation', body)
        setIsDone(true)
      }}
    >
      <LinkToken token={token} />
      <Submit text={t('act')} />
    </Form>
  )
}
