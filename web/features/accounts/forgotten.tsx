import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { AskResetBody, ResetPasswordAnswer, ResetPasswordBody } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useLinkToken } from '#web/lib/use-link-token.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { PasswordField, TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { Submit } from './submit.tsx'

/** The answer is the same whether the name is known or not; so is what is said here. */
export function AskReset({ wasSent }: { wasSent: boolean }) {
  const t = useTranslations('accounts.forgotten')
  const api = useApi()
  const [isSent, setIsSent] = useState(wasSent)
  if (isSent) return <p role="status">{t('sent')}</p>
  return (
    <Form
      action="/forgot"
      send={async ({ who = '' }) => {
        await api.send('POST', '/password-reset-request', { who: who.trim() } satisfies AskResetBody)
        setIsSent(true)
      }}
    >
      <TextField name="who" label={t('who')} autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus />
      <Submit text={t('act')} />
    </Form>
  )
}

export function ResetPassword() {
  const t = useTranslations('accounts.reset')
  const api = useApi()
  const token = useLinkToken()
  const [username, setUsername] = useState<string>()
  if (username !== undefined) return <ResetDone username={username} />
  return (
    <Form
      action="/reset-password"
      send={async (values) => {
        const body = {
          token: token || (values['token'] ?? '').trim(),
          newPassword: values['newPassword'] ?? '',
        } satisfies ResetPasswordBody
        setUsername((await api.send<ResetPasswordAnswer>('POST', '/password-reset', body)).username)
      }}
    >
      <LinkToken token={token} />
      <PasswordField name="newPassword" label={t('password')} hint={t('hint')} autoComplete="new-password" />
      <Submit text={t('act')} />
    </Form>
  )
}

/** Only where the link's secret could not be read. */
export function LinkToken({ token }: { token: string }) {
  const t = useTranslations('accounts.link')
  if (token) return null
  return <TextField name="token" label={t('token')} hint={t('tokenHint')} autoComplete="off" autoCapitalize="none" spellCheck={false} />
}

export function ResetDone({ username }: { username?: string }) {
  const t = useTranslations('accounts.reset')
  return (
    <div className="form" role="status">
      <p>{username ? t('doneFor', { username }) : t('done')}</p>
      <div className="form-acts">
        <ButtonLink look="lamp" to="/login">
          {t('signIn')}
        </ButtonLink>
      </div>
    </div>
  )
}
