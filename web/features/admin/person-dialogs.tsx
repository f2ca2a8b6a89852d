import { useTranslations } from 'use-intl'
import type { AdminPerson, ResetLinkAnswer, SuspendBody } from '#shared/api/admin.ts'
import { type Api, useApi } from '#web/lib/api-context.ts'
import { useReadings } from '#web/lib/reading.ts'
import { Button } from '#web/ui/button.tsx'
import { Choice } from '#web/ui/choice.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { PasswordField, TextArea, TextField } from '#web/ui/field.tsx'
import { Form, type Values } from '#web/ui/form.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { useSay } from '#web/ui/status.tsx'
import './link.css'

type Props = { person: AdminPerson; done(): void }
type Done = 'roleChanged' | 'suspended' | 'declined' | 'closed'

/** Sends what a dialog asks for, says so, and shows the list as it is now. */
function useSend(
  { person, done }: Props,
  said: Done,
  work: (api: Api, values: Values) => Promise<unknown>,
): (values: Values) => Promise<void> {
  const t = useTranslations('admin.people.done')
  const api = useApi()
  const say = useSay()
  const { forget } = useReadings()
  return async (values) => {
    await work(api, values)
    done()
    say({ look: 'done', text: t(said, { name: person.displayName }) })
    await Promise.all([forget('/admin/people'), forget('/admin/figures')])
  }
}

const roles = ['member', 'moderator', 'admin', 'owner'] as const

export function PersonRole(props: Props) {
  const t = useTranslations('admin.people')
  const { person } = props
  const send = useSend(props, 'roleChanged', (api, { role }) => api.send('PUT', `/admin/people/${person.id}/role`, { role }))
  const offered = roles.filter((role) => role === person.role || person.may.includes(`role:${role}`))
  return (
    <Form action="/admin/people" send={send}>
      <Choice
        name="role"
        label={t('role')}
        defaultValue={person.role}
        options={offered.map((value) => ({ value, label: t(`roles.${value}`), hint: t(`roleHints.${value}`) }))}
      />
      <SaveButton look="lamp" />
    </Form>
  )
}

export function SuspendPerson(props: Props) {
  const t = useTranslations('admin.people')
  const send = useSend(props, 'suspended', (api, { reason = '', until }) => {
    const body: SuspendBody = { reason: reason.trim(), ...(until ? { until: new Date(until).toISOString() } : {}) }
    return api.send('PUT', `/admin/people/${props.person.id}/suspension`, body)
  })
  return (
    <Form action="/admin/people" send={send}>
      <p>{t('suspendText')}</p>
      <TextArea name="reason" label={t('reason')} hint={t('reasonHint')} maxLength={500} />
      <TextField name="until" type="datetime-local" label={t('until')} hint={t('untilHint')} isOptional />
      <SaveButton text={t('suspend')} look="danger" />
    </Form>
  )
}

export function DeclinePerson(props: Props) {
  const t = useTranslations('admin.people')
  const send = useSend(props, 'declined', (api) => api.send('DELETE', `/admin/people/${props.person.id}/approval`))
  return (
    <Form action="/admin/people" send={send}>
      <p>{t('declineText')}</p>
      <SaveButton text={t('decline')} look="danger" />
    </Form>
  )
}

/** The one who closes shows that it is them; the one who is closed loses everything. */
export function ClosePerson(props: Props) {
  const t = useTranslations('admin.people')
  const send = useSend(props, 'closed', (api, { password }) =>
    api.send('DELETE', `/user/${encodeURIComponent(props.person.username)}`, { password }),
  )
  return (
    <Form action="/admin/people" send={send}>
      <p>{t('closeText')}</p>
      <PasswordField name="password" label={t('ownPassword')} autoComplete="current-password" />
      <SaveButton text={t('close')} look="danger" />
    </Form>
  )
}

export function PersonLink({ link, person, done }: Props & { link: ResetLinkAnswer }) {
  const t = useTranslations('admin.people')
  const words = useTranslations('shell.words')
  return (
    <>
      <p>{t.rich('linkText', { name: person.displayName, when: () => <Moment at={link.expiresAt} look="date and time" /> })}</p>
      <p className="link-shown">
        <code>{link.url}</code>
        <CopyButton text={link.url} label={words('copy')} />
      </p>
      <Button look="lamp" size="wide" onClick={done}>
        {words('close')}
      </Button>
    </>
  )
}
