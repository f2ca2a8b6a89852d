import { useTranslations } from 'use-intl'
import type { ChangeProfileBody, ChangeUsernameBody, MeAnswer, OwnProfile } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { me } from '#web/lib/house.ts'
import { useReadings } from '#web/lib/reading.ts'
import { Choice } from '#web/ui/choice.tsx'
import { TextArea, TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'
import { SaveButton } from '#web/ui/save-button.tsx'
import { Matter } from '#web/ui/sections.tsx'
import { useSay } from '#web/ui/status.tsx'
import { AvatarPicker } from './avatar-picker.tsx'

const audiences = ['everyone', 'members', 'nobody'] as const

export function ProfileMatters({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings')
  const keep = useKeepingProfile(user)
  return (
    <>
      <Matter title={t('avatar.title')} text={t('avatar.text')}>
        <AvatarPicker user={user} />
      </Matter>
      <Matter title={t('profile.title')} text={t('profile.text')}>
        <Form
          action="/settings/profile"
          send={({ displayName = '', bio = '', audience }) =>
            keep({
              displayName: displayName.trim(),
              bio: bio.trim(),
              audience: audiences.find((name) => name === audience) ?? user.audience,
            })
          }
        >
          <TextField
            name="displayName"
            label={t('profile.displayName')}
            hint={t('profile.displayNameHint')}
            defaultValue={user.displayName}
            maxLength={60}
            autoComplete="name"
            isOptional
          />
          <TextArea name="bio" label={t('profile.bio')} defaultValue={user.bio} maxLength={1000} isOptional />
          <Choice
            name="audience"
            label={t('profile.audience')}
            defaultValue={user.audience}
            options={audiences.map((value) => ({ value, label: t(`profile.${value}`), hint: t(`profile.${value}Hint`) }))}
          />
          <SaveButton />
        </Form>
      </Matter>
      <UsernameMatter user={user} />
    </>
  )
}

function UsernameMatter({ user }: { user: OwnProfile }) {
  const t = useTranslations('settings')
  const api = useApi()
  const say = useSay()
  const { put } = useReadings()
  return (
    <Matter title={t('username.title')} text={t('username.text')}>
      <Form
        action="/settings/profile"
        send={async ({ username = '' }) => {
          put<MeAnswer>(me, {
            user: await api.send<OwnProfile>('PUT', '/me/username', { username: username.trim() } satisfies ChangeUsernameBody),
          })
          say({ look: 'done', text: t('username.done') })
        }}
      >
        <TextField
          name="username"
          label={t('username.title')}
          defaultValue={user.username}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <SaveButton text={t('username.act')} />
      </Form>
    </Matter>
  )
}

/** Saves what is to change, and shows it everywhere at once. */
export function useKeepingProfile(user: OwnProfile): (change: ChangeProfileBody) => Promise<void> {
  const t = useTranslations('settings')
  const api = useApi()
  const say = useSay()
  const { put, forget } = useReadings()
  return async (change) => {
    put<MeAnswer>(me, { user: await api.send<OwnProfile>('PATCH', '/me', change) })
    await forget(`/user/${encodeURIComponent(user.username)}`)
    say({ look: 'done', text: t('saved') })
  }
}
