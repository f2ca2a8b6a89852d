import { type ComponentType, useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import type { MeAnswer } from '#shared/api/accounts.ts'
import { useApi } from '#web/lib/api-context.ts'
import { me } from '#web/lib/house.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import type { Renewal } from '#web/lib/renewal.ts'
import { Dialog } from '#web/ui/dialog.tsx'

type SignInProps = { target: string; name?: string; entered?: () => void }
type Props = { renewal: Renewal; loadTexts(): Promise<void> }

/** The session has ended while the page stands: one signs in over it, and what was asked for goes on. Nothing that was written is lost. */
export function RenewalDialog({ renewal, loadTexts }: Props) {
  const t = useTranslations('shell')
  const api = useApi()
  const { put } = useReadings()
  const { data } = useReading(me)
  const isAsked = useSyncExternalStore(
    renewal.watch,
    () => renewal.isAsked,
    () => false,
  )
  const SignIn = useSignInWhen(
    isAsked,
    loadTexts,
    useCallback(() => renewal.answer(false), [renewal]),
  )

  async function entered() {
    const answer = await api.get<MeAnswer>(me.path)
    // Somebody else's page must not stay.
    if (answer.user?.id !== data?.user?.id) return location.reload()
    put(me, answer)
    renewal.answer(true)
  }

  return (
    <Dialog title={t('session.endedTitle')} isOpen={isAsked && SignIn !== undefined} close={() => renewal.answer(false)}>
      <p>{t('session.ended')}</p>
      {SignIn ? <SignIn target="/" {...(data?.user ? { name: data.user.username } : {})} entered={() => void entered()} /> : null}
    </Dialog>
  )
}

/** Loaded when it is needed: most pages never are. */
function useSignInWhen(isAsked: boolean, loadTexts: () => Promise<void>, giveUp: () => void): ComponentType<SignInProps> | undefined {
  const [SignIn, setSignIn] = useState<{ View: ComponentType<SignInProps> }>()
  useEffect(() => {
    if (!isAsked || SignIn) return
    Promise.all([import('#web/features/accounts/sign-in.tsx'), loadTexts()]).then(([module]) => setSignIn({ View: module.SignIn }), giveUp)
  }, [isAsked, SignIn, loadTexts, giveUp])
  return SignIn?.View
}
