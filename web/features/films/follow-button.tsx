import { useTranslations } from 'use-intl'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { Button } from '#web/ui/button.tsx'
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
