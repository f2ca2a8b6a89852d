import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Avatar as AvatarPictures, MeAnswer, OwnProfile } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { me } from '#web/lib/house.ts'
import { useReadings } from '#web/lib/reading.ts'
import { Avatar } from '#web/ui/avatar.tsx'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { FailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { AvatarCrop } from './avatar-crop.tsx'
import type { Square } from './crop.ts'
import './avatar-picker.css'

type Chosen = { file: File; url: string }

/** The picture is sent as it is, with the square to keep: the server turns it into small ones and throws all else away. */
export function AvatarPicker({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings.avatar')
  const api = useApi()
  const say = useSay()
  const { put, forget } = useReadings()
  const [chosen, setChosen] = useState<Chosen>()
  const [failure, setFailure] = useState<ApiFailure>()
  const [isSending, setIsSending] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => () => (chosen ? URL.revokeObjectURL(chosen.url) : undefined), [chosen])

  function choose(event: ChangeEvent<HTMLInputElement>) {
    const file = event.target.files?.[0]
    event.target.value = ''
    setFailure(undefined)
    if (file) setChosen({ file, url: URL.createObjectURL(file) })
  }

  async function act(work: () => Promise<AvatarPictures | null>, done: string) {
    if (isSending) return
    setIsSending(true)
    setFailure(undefined)
    try {
      const avatar = await work()
      put<MeAnswer>(me, { user: { ...user, avatar } })
      await forget(`/user/${encodeURIComponent(user.username)}`)
      setChosen(undefined)
      say({ look: 'done', text: done })
    } catch (reason) {
      setFailure(reason instanceof ApiFailure ? reason : new ApiFailure({ kind: 'broken', status: 0 }))
    } finally {
      setIsSending(false)
    }
  }

  const keep = ({ left, top, size }: Square) =>
    act(async () => {
      const query = new URLSearchParams({ left: `${left}`, top: `${top}`, size: `${size}` })
      return (await api.send<{ avatar: AvatarPictures }>('PUT', `/me/avatar?${query}`, chosen?.file)).avatar
    }, t('kept'))
  const remove = () =>
    act(async () => {
      await api.send('DELETE', '/me/avatar')
      return null
    }, t('removed'))

  return (
    <div className="picker">
      <Avatar person={user} size="large" />
      <div className="picker-acts">
        <Button onClick={() => input.current?.click()}>{user.avatar ? t('change') : t('choose')}</Button>
        {user.avatar ? (
          <Button look="bare" onClick={remove} isBusy={isSending && !chosen}>
            {t('remove')}
          </Button>
        ) : null}
        <input ref={input} type="file" accept="image/*" aria-label={t('choose')} hidden onChange={choose} />
        {failure && !chosen ? (
          <p className="field-error" role="alert">
            <FailureText failure={failure} />
          </p>
        ) : null}
      </div>
      <Dialog title={t('cropTitle')} isOpen={chosen !== undefined} close={() => setChosen(undefined)}>
        {chosen ? <AvatarCrop url={chosen.url} isSending={isSending} failure={failure} keep={keep} /> : null}
      </Dialog>
    </div>
  )
}
