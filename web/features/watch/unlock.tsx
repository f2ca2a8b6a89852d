import { useTranslations } from 'use-intl'
import { useApi } from '#web/lib/api-context.ts'
import { useReadings } from '#web/lib/reading.ts'
import { PasswordField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { videoOf, watchAddress } from './api.ts'

/**
 * A film that is closed by a password is not told from one that does not exist: whoever has the password may try it on either.
 */
export function Unlock({ vid }: { vid: string }) {
  const t = useTranslations('watch')
  const api = useApi()
  const { forget } = useReadings()
  const { path } = videoOf(vid)
  async function send({ password = '' }: Record<string, string>) {
    await api.send('POST', `${path}/unlock`, { password })
    await forget(path)
  }
  return (
    <div className="watch-locked">
      <Notice level={1} title={t('page.missingTitle')}>
        {t('page.missing')}
      </Notice>
      <details>
        <summary>{t('lock.title')}</summary>
        <Form action={watchAddress(vid)} send={send}>
          <PasswordField name="password" label={t('lock.password')} hint={t('lock.text')} autoComplete="current-password" />
          <SaveButton text={t('lock.act')} />
        </Form>
      </details>
    </div>
  )
}
