import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ChangePasswordBody, OwnProfile } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useReadings } from '#web/lib/reading.ts'
import { PasswordField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { useSay } from '#web/ui/status.tsx'

export function PasswordMatter({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings.password')
  const api = useApi()
  const say = useSay()
  const { forget } = useReadings()
  const [times, setTimes] = useState(0)
  return (
    <Matter title={t('title')} text={t('text')}>
      <Form
        // A new one after each change, so that no password stays in the fields.
        key={times}
        action="/settings/security"
        send={async ({ password = '', newPassword = '' }) => {
          await api.send('PUT', '/me/password', { password, newPassword } satisfies ChangePasswordBody)
          setTimes(times + 1)
          await forget('/sessions')
          say({ look: 'done', text: t('done') })
        }}
      >
        <input type="hidden" autoComplete="username" value={user.username} readOnly />
        <PasswordField name="password" label={t('old')} autoComplete="current-password" />
        <PasswordField name="newPassword" label={t('new')} hint={t('hint')} autoComplete="new-password" />
        <SaveButton text={t('act')} />
      </Form>
    </Matter>
  )
}
