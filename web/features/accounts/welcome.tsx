import { useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import type { RegisterAnswer, RegisterBody } from '#shared/api/accounts.ts'
import type { ChangeSettingsBody } from '#shared/api/admin.ts'
import { useApi } from '#web/lib/api-context.ts'
import { Button, ButtonLink } from '#web/ui/button.tsx'
import { Choice } from '#web/ui/choice.tsx'
import { PasswordField, TextField } from '#web/ui/field.tsx'
import { Form, useForm, type Values } from '#web/ui/form.tsx'
import { hereTimeZone } from './here.ts'

const signUpModes = ['open', 'invitation', 'approval', 'closed'] as const

/** The first run: whoever sits at the machine, or has the code it printed, names the house and becomes its owner. */
export function Welcome() {
  const api = useApi()
  const language = useLocale()
  const [isMember, setIsMember] = useState(false)

  async function open(values: Values) {
    const { user } = await api.send<RegisterAnswer>('POST', '/user', { ...accountOf(values), language, ...hereTimeZone() })
    if (user.role !== 'owner') return setIsMember(true)
    await api.send('PATCH', '/admin/settings', houseOf(values))
    location.assign('/')
  }

  if (isMember) return <NotOwner />
  return (
    <Form action="/welcome" send={open}>
      <WelcomeFields />
    </Form>
  )
}

function accountOf({ username = '', password = '', ownerCode }: Values): RegisterBody {
  return { username: username.trim(), password, ...(ownerCode ? { ownerCode: ownerCode.trim() } : {}) }
}

function houseOf({ siteName = '', signUp }: Values): ChangeSettingsBody {
  const mode = signUpModes.find((name) => name === signUp)
  return { siteName: siteName.trim(), ...(mode ? { signUp: mode } : {}) }
}

function WelcomeFields() {
  const t = useTranslations('accounts')
  const { isSending } = useForm()
  return (
    <>
      <TextField
        name="siteName"
        label={t('welcome.siteName')}
        hint={t('welcome.siteNameHint')}
        maxLength={60}
        autoComplete="off"
        autoFocus
      />
      <Choice
        name="signUp"
        label={t('welcome.who')}
        defaultValue="open"
        options={signUpModes.map((value) => ({ value, label: t(`welcome.${value}`), hint: t(`welcome.${value}Hint`) }))}
      />
      <TextField
        name="username"
        label={t('welcome.username')}
        hint={t('signUp.usernameHint')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordField name="password" label={t('signUp.password')} hint={t('signUp.passwordHint')} autoComplete="new-password" />
      <TextField
        name="ownerCode"
        label={t('welcome.ownerCode')}
        hint={t('welcome.ownerCodeHint')}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        isOptional
      />
      <Button look="lamp" size="wide" type="submit" isBusy={isSending}>
        {t('welcome.act')}
      </Button>
    </>
  )
}

/** Without the code and from another machine one becomes a member like any other. That must not be passed over in silence. */
export function NotOwner() {
  const t = useTranslations('accounts.welcome')
  return (
    <div className="form" role="status">
      <p>{t('memberOnly')}</p>
      <div className="form-acts">
        <ButtonLink to="/">{t('memberOnlyAct')}</ButtonLink>
      </div>
    </div>
  )
}
