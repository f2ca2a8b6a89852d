import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { InvitationView, NewInvitationBody } from '#shared/api/admin.ts'
import { useApi } from '#web/lib/api-context.ts'
import { useReadings } from '#web/lib/reading.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { usePages } from '#web/lib/use-pages.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { SelectField, TextField } from '#web/ui/field.tsx'
import { Form, type Values } from '#web/ui/form.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Paged } from '#web/ui/paged.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { useSay } from '#web/ui/status.tsx'
import { Table } from '#web/ui/table.tsx'
import { invitations } from './api.ts'
import './link.css'

export function Invitations() {
  const t = useTranslations('admin.invitations')
  return (
    <>
      <Matter title={t('newTitle')} text={t('newText')}>
        <NewInvitation />
      </Matter>
      <Matter title={t('listTitle')} isWide>
        <InvitationList />
      </Matter>
    </>
  )
}

const dayMs = 86_400_000

function NewInvitation() {
  const t = useTranslations('admin.invitations')
  const words = useTranslations('shell.words')
  const api = useApi()
  const { forget } = useReadings()
  const [made, setMade] = useState<InvitationView>()

  async function make({ note = '', maxUses, days }: Values) {
    const body: NewInvitationBody = {
      note: note.trim(),
      maxUses: maxUses === '' ? null : Number(maxUses),
      expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString(),
    }
    setMade(await api.send<InvitationView>('POST', '/admin/invitations', body))
    await Promise.all([forget(invitations.path), forget('/admin/figures')])
  }

  const url = made ? new URL(made.path, location.href).href : ''
  return (
    <Form key={made?.id ?? 'first'} action="/admin/invitations" send={make}>
      {made ? (
        <div role="status">
          <p>{t('made')}</p>
          <p className="link-shown">
            <code>{url}</code>
            <CopyButton text={url} label={words('copy')} />
          </p>
        </div>
      ) : null}
      <TextField name="note" label={t('note')} hint={t('noteHint')} maxLength={200} isOptional />
      <SelectField name="maxUses" label={t('uses')} defaultValue="1">
        {[1, 5, 20, 100].map((count) => (
          <option key={count} value={count}>
            {t('usesFor', { count })}
          </option>
        ))}
        <option value="">{t('usesAny')}</option>
      </SelectField>
      <SelectField name="days" label={t('lasts')} defaultValue="7">
        {[1, 7, 30].map((count) => (
          <option key={count} value={count}>
            {t('days', { count })}
          </option>
        ))}
        <option value="">{t('daysAny')}</option>
      </SelectField>
      <SaveButton text={t('make')} look="lamp" />
    </Form>
  )
}

function InvitationList() {
  const t = useTranslations('admin.invitations')
  const words = useTranslations('shell.words')
  const pages = usePages(invitations)
  const { busy, withdraw } = useWithdrawing()
  return (
    <Paged pages={pages} empty={<Notice title={t('emptyTitle')}>{t('empty')}</Notice>}>
      {(items) => (
        <Table
          caption={t('listTitle')}
          rows={items}
          keyOf={({ id }) => id}
          columns={[
            { label: t('note'), isName: true, cell: ({ note, code }) => note || <code>{code}</code> },
            { label: t('state'), cell: ({ state }) => t(`states.${state}`) },
            { label: t('used'), cell: ({ uses, maxUses }) => (maxUses === null ? t('usedAny', { uses }) : t('usedOf', { uses, maxUses })) },
            {
              label: t('expires'),
              cell: ({ expiresAt }) => (expiresAt === null ? t('never') : <Moment at={expiresAt} />),
            },
            { label: t('by'), cell: ({ createdBy }) => createdBy?.displayName ?? '' },
            {
              label: t('acts'),
              isActs: true,
              cell: (invitation) =>
                invitation.state === 'open' ? (
                  <>
                    <CopyInvitation invitation={invitation} label={words('copy')} />
                    <Button size="small" isBusy={busy === invitation.id} onClick={() => withdraw(invitation)}>
                      {t('withdraw')}
                    </Button>
                  </>
                ) : null,
            },
          ]}
        />
      )}
    </Paged>
  )
}

function CopyInvitation({ invitation, label }: { invitation: InvitationView; label: string }) {
  return (
    <CopyButton text={typeof location === 'undefined' ? invitation.path : new URL(invitation.path, location.href).href} label={label} />
  )
}

function useWithdrawing() {
  const t = useTranslations('admin.invitations')
  const failureText = useFailureText()
  const say = useSay()
  const { busy, run } = useDeeds()
  return {
    busy,
    async withdraw({ id }: InvitationView) {
      const outcome = await run(id, (api) => api.send('DELETE', `/admin/invitations/${id}`), [invitations.path, '/admin/figures'])
      if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
      if (outcome.state === 'done') say({ look: 'done', text: t('withdrawn') })
    },
  }
}
