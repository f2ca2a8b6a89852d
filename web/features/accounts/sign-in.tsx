import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import type { SessionAnswer } from '#shared/api/accounts.ts'
import type { LogInBody } from '#shared/api/sessions.ts'
import { entranceFor } from '#shared/entrance.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { usePageState } from '#web/lib/page-state.ts'
import { Button } from '#web/ui/button.tsx'
import { CodeField, PasswordField, TextField } from '#web/ui/field.tsx'
import { Form, useForm, type Values } from '#web/ui/form.tsx'

type Props = { target: string; name?: string; entered?: () => void }
type Step = { step: 'password' } | { step: 'code'; username: string; password: string }

/** Two steps where there is a second factor. What was typed in the first is kept in this page alone. */
export function SignIn({ target, entered = () => location.assign(target), name }: Props) {
  const api = useApi()
  const { refused } = usePageState()
  const [step, setStep] = useState<Step>({ step: 'password' })

  async function enter(username: string, body: LogInBody) {
    try {
      await api.send<SessionAnswer>('POST', '/session', { username, ...body }, { withoutSession: true })
    } catch (failure) {
      if (!body.code && failure instanceof ApiFailure && failure.code === 'session.code_needed') {
        return setStep({ step: 'code', username, password: body.password })
      }
      throw failure
    }
    entered()
  }

  if (step.step === 'code') {
    return (
      <Form key="code" action={`/login`} send={({ code = '' }) => enter(step.username, { password: step.password, code: code.trim() })}>
        <CodeStep />
      </Form>
    )
  }
  const wantsCode = refused?.action === '/login' && refused.problem.code.startsWith('session.code_')
  return (
    <Form key="password" action={entranceFor(target)} send={(values) => enter(...credentialsOf(values))}>
      <PasswordStep name={name} />
      {wantsCode ? <CodeStep /> : <SubmitSignIn />}
    </Form>
  )
}

function credentialsOf({ username = '', password = '', code }: Values): [string, LogInBody] {
  return [username.trim(), code ? { password, code: code.trim() } : { password }]
}

function PasswordStep({ name }: { name: string | undefined }) {
  const t = useTranslations('accounts.signIn')
  return (
    <>
      <TextField
        name="username"
        label={t('username')}
        defaultValue={name}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={!name}
      />
      <PasswordField name="password" label={t('password')} autoComplete="current-password" />
      <p className="entrance-end">
        <Link href="/forgot">{t('forgot')}</Link>
      </p>
    </>
  )
}

function CodeStep() {
  const t = useTranslations('accounts.signIn')
  return (
    <>
      <CodeField name="code" label={t('code')} hint={t('codeHint')} allowsLetters autoFocus />
      <SubmitSignIn />
    </>
  )
}

function SubmitSignIn() {
  const t = useTranslations('accounts.signIn')
  const { isSending } = useForm()
  return (
    <Button look="lamp" size="wide" type="submit" isBusy={isSending}>
      {t('act')}
    </Button>
  )
}
