import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { PersonCard } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { followersOf } from './api.ts'

/** How many follow a person. */
export function Followers({ username }: { username: string }) {
  const t = useTranslations('films.channel')
  const { data } = useReading(followersOf(username))
  return data ? <span>{t('followers', { count: data.followers })}</span> : null
}

/** The way to be one of them. */
export function FollowButton({ username }: { username: string }) {
  const t = useTranslations('films.channel')
  const api = useApi()
  const say = useSay()
  const textOf = useFailureText()
  const { put } = useReadings()
  const what = followersOf(username)
  const { data } = useReading(what)
  if (!data) return null
  async function turn(before: NonNullable<typeof data>) {
    const isFollowed = !before.isFollowed
    put(what, { ...before, isFollowed, followers: Math.max(0, before.followers + (isFollowed ? 1 : -1)) })
    try {
      await api.send(isFollowed ? 'PUT' : 'DELETE', `/user/${encodeURIComponent(username)}/follow`)
    } catch (failure) {
      put(what, before)
      if (failure instanceof ApiFailure) say({ look: 'failed', text: textOf(failure) })
    }
  }
  return (
    <Button look={data.isFollowed ? 'plain' : 'lamp'} size="small" aria-pressed={data.isFollowed} onClick={() => void turn(data)}>
      {data.isFollowed ? t('followed') : t('follow')}
    </Button>
  )
}

/** Hear nothing of somebody, said in so many words before it is done; the settings lift it. */
export function BlockButton({ person }: { person: Pick<PersonCard, 'username' | 'displayName'> }) {
  const t = useTranslations('films.channel')
  const words = useTranslations('shell.words')
  const { busy, run } = useDeeds()
  const say = useSay()
  const textOf = useFailureText()
  const [isAsked, setIsAsked] = useState(false)
  const { data } = useReading(followersOf(person.username))
  if (!data) return null
  const { isBlocked } = data
  const name = person.displayName || person.username

  async function turn() {
    const path = `/user/${encodeURIComponent(person.username)}`
    const outcome = await run('block', (api) => api.send(isBlocked ? 'DELETE' : 'PUT', `${path}/block`), [path, '/home', '/blocked'])
    setIsAsked(false)
    if (outcome.state === 'failed') say({ look: 'failed', text: textOf(outcome.failure) })
    if (outcome.state === 'done') say({ look: 'done', text: t(isBlocked ? 'unblocked' : 'blocked', { name }) })
  }

  return (
    <>
      <Button size="small" isBusy={busy !== undefined} onClick={() => (isBlocked ? void turn() : setIsAsked(true))}>
        {isBlocked ? t('unblock') : t('block')}
      </Button>
      <Dialog title={t('blockTitle', { name })} isOpen={isAsked} close={() => setIsAsked(false)}>
        <p>{t('blockText')}</p>
        <div className="form-acts">
          <Button look="danger" isBusy={busy !== undefined} onClick={() => void turn()}>
            {t('block')}
          </Button>
          <Button look="bare" onClick={() => setIsAsked(false)}>
            {words('cancel')}
          </Button>
        </div>
      </Dialog>
    </>
  )
}
