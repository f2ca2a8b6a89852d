import { useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { InvitationCheck, RegisterAnswer, RegisterBody } from '#shared/api/accounts.ts'
import type { SiteAnswer } from '#shared/api/admin.ts'
import { entranceFor } from '#shared/entrance.ts'
import { useApi } from '#web/lib/api-context.ts'
import { Button, ButtonLink } from '#web/ui/button.tsx'
import { PasswordField, TextArea, TextField } from '#web/ui/field.tsx'
import { Form, useForm, type Values } from '#web/ui/form.tsx'
import { hereTimeZone } from './here.ts'

type Props = { house: SiteAnswer; code?: string | undefined; invitation?: InvitationCheck | undefined }

/** By the house's rule: open, with an invitation, or with a word to whoever decides. */
export function SignUp({ house, code, invitation, target }: Props & { target: string }) {
  const api = useApi()
  const language = useLocale()
  const [waits, setWaits] = useState(false)

  async function join(values: Values) {
    const body = { ...bodyOf(values), language, ...hereTimeZone() } satisfies RegisterBody
    const { token } = await api.send<RegisterAnswer>('POST', '/user', body, { withoutSession: true })
    if (token === null) setWaits(true)
    else location.assign(target)
  }

  if (waits) return <Waiting />
  return (
    <Form action={entranceFor(target, '/register')} send={join}>
      <SignUpFields house={house} code={code} invitation={invitation} />
    </Form>
  )
}

function bodyOf({ username = '', password = '', invitation, note }: Values): RegisterBody {
  return {
    username: username.trim(),
    password,
    ...(invitation ? { invitation: invitation.trim() } : {}),
    ...(note ? { note } : {}),
  }
}

function SignUpFields({ house, code, invitation }: Props) {
  const t = useTranslations('accounts.signUp')
  const { isSending } = useForm()
  return (
    <>
      {house.signUp === 'invitation' && !invitation ? (
        <TextField
          name="invitation"
          label={t('invitation')}
          hint={t('invitationHint')}
          defaultValue={code}
          autoComplete="off"
          spellCheck={false}
        />
      ) : null}
      {invitation ? <input type="hidden" name="invitation" value={code} /> : null}
      <TextField
        name="username"
        label={t('username')}
        hint={t('usernameHint')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordField name="password" label={t('password')} hint={t('passwordHint')} autoComplete="new-password" />
      {house.signUp === 'approval' && !invitation ? (
        <TextArea name="note" label={t('note')} hint={t('noteHint')} maxLength={500} isOptional />
      ) : null}
      <Button look="lamp" size="wide" type="submit" isBusy={isSending}>
        {house.signUp === 'approval' && !invitation ? t('ask') : t('act')}
      </Button>
      <p className="entrance-small">{t('stored')}</p>
    </>
  )
}

export function Waiting() {
  const t = useTranslations('accounts.signUp')
  return (
    <div role="status" className="form">
      <p>{t('waiting')}</p>
      <div className="form-acts">
        <ButtonLink to="/">{t('waitingAct')}</ButtonLink>
      </div>
    </div>
  )
}

export function HaveAccount({ target }: { target: string }) {
  const t = useTranslations('accounts.signUp')
  return <p>{t.rich('have', { link: (text) => <Link href={entranceFor(target)}>{text}</Link> })}</p>
}
