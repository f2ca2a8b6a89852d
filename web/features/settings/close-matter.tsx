import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { CloseBody, OwnProfile } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useReading } from '#web/lib/reading.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { PasswordField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { closing } from './api.ts'
import './close.css'

export function CloseMatter({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings.closing')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Matter title={t('title')} text={t('text')}>
      <div className="form-acts">
        <Button look="danger" onClick={() => setIsOpen(true)}>
          {t('begin')}
        </Button>
      </div>
      <Dialog title={t('title')} isOpen={isOpen} close={() => setIsOpen(false)}>
        <Closing user={user} />
      </Dialog>
    </Matter>
  )
}

/** What goes is counted before it goes. It cannot be undone, so it asks for the password instead of asking twice. */
function Closing({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings.closing')
  const api = useApi()
  const { data, error, refetch } = useReading(closing)

  async function close(password: string) {
    await api.send('DELETE', `/user/${encodeURIComponent(user.username)}`, { password } satisfies CloseBody, { endsSession: true })
    location.assign('/')
  }

  if (error) return <FailedNotice failure={error} retry={refetch} />
  if (!data) return <Shape lines={4} />
  return (
    <Form action="/settings/account" send={({ password = '' }) => close(password)}>
      <p>{t('goes')}</p>
      <ul className="closing-goes">
        <li>{t('kinds.account', { count: 1 })}</li>
        {user.avatar ? <li>{t('kinds.avatar', { count: 1 })}</li> : null}
        {data.goes.map(({ kind, count }) => (
          <li key={kind}>{t.has(`kinds.${kind}` as never) ? t(`kinds.${kind}` as 'kinds.account', { count }) : `${kind}: ${count}`}</li>
        ))}
      </ul>
      <p>{t.rich('name', { username: user.username, date: () => <Moment at={data.nameFreeAt} /> })}</p>
      <PasswordField name="password" label={t('password')} autoComplete="current-password" />
      <SaveButton text={t('act')} look="danger" />
    </Form>
  )
}
