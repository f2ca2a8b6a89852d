import { useTranslations } from 'use-intl'
import type { ChangeEmailBody, OwnProfile } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { me } from '#web/lib/house.ts'
import { useReadings } from '#web/lib/reading.ts'
import { PasswordField, TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { useSay } from '#web/ui/status.tsx'
import { CloseMatter } from './close-matter.tsx'
import { ExportMatter } from './export-matter.tsx'

export function AccountMatters({ user }: { user: OwnProfile }) {
  return (
    <>
      <EmailMatter user={user} />
      <ExportMatter />
      <CloseMatter user={user} />
    </>
  )
}

/** For a forgotten password, and for nothing else. */
function EmailMatter({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings.email')
  const api = useApi()
  const say = useSay()
  const { forget } = useReadings()
  return (
    <Matter title={t('title')} text={t('text')}>
      {user.unconfirmedEmail ? <p className="form-failure">{t('unconfirmed', { email: user.unconfirmedEmail })}</p> : null}
      <Form
        action="/settings/account"
        send={async ({ email = '', password = '' }) => {
          const body = { email: email.trim() || null, password } satisfies ChangeEmailBody
          await api.send('PUT', '/me/email', body)
          await forget(me.path)
          say({ look: 'done', text: body.email && body.email !== user.email ? t('sent') : t('saved') })
        }}
      >
        <TextField
          name="email"
          type="email"
          label={t('address')}
          defaultValue={user.unconfirmedEmail ?? user.email ?? ''}
          autoComplete="email"
          isOptional
        />
        <PasswordField name="password" label={t('password')} autoComplete="current-password" />
        <SaveButton />
      </Form>
    </Matter>
  )
}
