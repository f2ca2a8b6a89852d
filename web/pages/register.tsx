import { useTranslations } from 'use-intl'
import type { InvitationCheck } from '#shared/api/accounts.ts'
import { targetOf } from '#shared/entrance.ts'
import { Entrance } from '#web/features/accounts/entrance.tsx'
import { HaveAccount, SignUp, Waiting } from '#web/features/accounts/sign-up.tsx'
import { useHead } from '#web/lib/head.ts'
import { site } from '#web/lib/house.ts'
import type { Page, Place } from '#web/lib/page.ts'
import { type Reading, reading, useReading } from '#web/lib/reading.ts'
import { FailureText } from '#web/ui/failure-text.tsx'

const invitationOf = (search: URLSearchParams): Reading<InvitationCheck> =>
  reading(`/invitations/${encodeURIComponent(search.get('invitation') ?? '')}`)

export const page: Page = {
  View: Register,
  frame: 'plain',
  extras: ({ search }) => (search.get('invitation') ? [invitationOf(search)] : []),
}

function Register({ search }: Place) {
  const t = useTranslations('accounts.signUp')
  const { data: house } = useReading(site)
  const code = search.get('invitation') ?? undefined
  const invitation = useReading(invitationOf(search), { enabled: code !== undefined })
  const mode = house?.signUp ?? 'open'
  const isInvited = invitation.data !== undefined
  useHead({ title: t('title'), description: t('lead') })
  return (
    <Entrance
      title={t('title')}
      lead={<Lead mode={isInvited ? 'invited' : mode} by={invitation.data?.invitedBy?.displayName} />}
      aside={<HaveAccount target={targetOf(search)} />}
    >
      {code !== undefined && invitation.error ? (
        <p className="form-failure">
          <FailureText failure={invitation.error} />
        </p>
      ) : null}
      {search.has('waiting') ? <Waiting /> : null}
      {house && (mode !== 'closed' || isInvited) && !search.has('waiting') ? (
        <SignUp house={house} code={code} invitation={invitation.data} target={targetOf(search)} />
      ) : null}
    </Entrance>
  )
}

function Lead({ mode, by }: { mode: 'open' | 'invitation' | 'approval' | 'closed' | 'invited'; by: string | undefined }) {
  const t = useTranslations('accounts.signUp')
  if (mode === 'invited') return by ? t('invitedBy', { name: by }) : t('invited')
  return t(({ open: 'lead', invitation: 'leadInvitation', approval: 'leadApproval', closed: 'leadClosed' } as const)[mode])
}
