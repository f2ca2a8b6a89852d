import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { AdminPerson, ResetLinkAnswer } from '#shared/api/admin.ts'
import type { Api } from '#web/lib/api-context.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { IconButton } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { MoreIcon } from '#web/ui/icons.tsx'
import { Menu, MenuAct } from '#web/ui/menu.tsx'
import { useSay } from '#web/ui/status.tsx'
import { ClosePerson, DeclinePerson, PersonLink, PersonRole, SuspendPerson } from './person-dialogs.tsx'

type Open = { dialog: 'none' } | { dialog: 'role' | 'suspend' | 'decline' | 'close' } | { dialog: 'link'; link: ResetLinkAnswer }

/** What one may do with this person, and nothing else. */
export function PersonActs({ person }: { person: AdminPerson }) {
  const t = useTranslations('admin.people')
  const [open, setOpen] = useState<Open>({ dialog: 'none' })
  const act = useActs(person)
  const menuId = `acts-${person.id}`
  const mayManage = person.may.includes('manage')
  const close = () => setOpen({ dialog: 'none' })

  async function makeLink() {
    const made: { link?: ResetLinkAnswer } = {}
    await act('linkMade', async (api) => {
      made.link = await api.send<ResetLinkAnswer>('POST', `/admin/people/${person.id}/reset-link`)
    })
    if (made.link) setOpen({ dialog: 'link', link: made.link })
  }

  return (
    <>
      <IconButton icon={MoreIcon} label={t('actsFor', { name: person.displayName })} popoverTarget={menuId} />
      <Menu id={menuId} label={t('actsFor', { name: person.displayName })}>
        {mayManage && person.state === 'waiting' ? (
          <>
            <MenuAct act={() => act('approved', (api) => api.send('POST', `/admin/people/${person.id}/approval`))}>{t('approve')}</MenuAct>
            <MenuAct act={() => setOpen({ dialog: 'decline' })}>{t('decline')}</MenuAct>
          </>
        ) : null}
        {person.may.some((right) => right.startsWith('role:')) && person.state !== 'waiting' ? (
          <MenuAct act={() => setOpen({ dialog: 'role' })}>{t('changeRole')}</MenuAct>
        ) : null}
        {mayManage && person.state !== 'waiting' ? (
          <>
            <MenuAct act={() => void makeLink()}>{t('makeLink')}</MenuAct>
            <MenuAct act={() => act('sessionsEnded', (api) => api.send('DELETE', `/admin/people/${person.id}/sessions`))}>
              {t('endSessions')}
            </MenuAct>
            {person.hasSecondFactor ? (
              <MenuAct act={() => act('factorEnded', (api) => api.send('DELETE', `/admin/people/${person.id}/second-factor`))}>
                {t('endFactor')}
              </MenuAct>
            ) : null}
            {person.state === 'suspended' ? (
              <MenuAct act={() => act('lifted', (api) => api.send('DELETE', `/admin/people/${person.id}/suspension`))}>{t('lift')}</MenuAct>
            ) : (
              <MenuAct act={() => setOpen({ dialog: 'suspend' })}>{t('suspend')}</MenuAct>
            )}
          </>
        ) : null}
        {person.may.includes('close') && person.state !== 'waiting' ? (
          <MenuAct act={() => setOpen({ dialog: 'close' })}>{t('close')}</MenuAct>
        ) : null}
      </Menu>
      <Dialog title={t(titles[open.dialog], { name: person.displayName })} isOpen={open.dialog !== 'none'} close={close}>
        {open.dialog === 'role' ? <PersonRole person={person} done={close} /> : null}
        {open.dialog === 'suspend' ? <SuspendPerson person={person} done={close} /> : null}
        {open.dialog === 'decline' ? <DeclinePerson person={person} done={close} /> : null}
        {open.dialog === 'close' ? <ClosePerson person={person} done={close} /> : null}
        {open.dialog === 'link' ? <PersonLink link={open.link} person={person} done={close} /> : null}
      </Dialog>
    </>
  )
}

const titles = {
  none: 'title',
  role: 'roleTitle',
  suspend: 'suspendTitle',
  decline: 'declineTitle',
  close: 'closeTitle',
  link: 'linkTitle',
} as const

type Done = 'approved' | 'sessionsEnded' | 'factorEnded' | 'lifted' | 'linkMade'

function useActs(person: AdminPerson) {
  const t = useTranslations('admin.people.done')
  const failureText = useFailureText()
  const say = useSay()
  const { run } = useDeeds()
  return async (done: Done, work: (api: Api) => Promise<unknown>): Promise<void> => {
    const outcome = await run(done, work, ['/admin/people', '/admin/figures'])
    if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
    if (outcome.state === 'done') say({ look: 'done', text: t(done, { name: person.displayName }) })
  }
}
