import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useApi } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { usePageState } from '#web/lib/page-state.ts'
import { useSay } from '#web/ui/status.tsx'

/** The page is loaded anew after it: nothing that was private stays in memory. */
export function SignOut({ children }: { children: ReactNode }) {
  const t = useTranslations('shell')
  const api = useApi()
  const say = useSay()
  const { formToken } = usePageState()
  const [isBusy, setIsBusy] = useState(false)

  async function leave(event: FormEvent) {
    event.preventDefault()
    if (isBusy) return
    setIsBusy(true)
    try {
      await api.send('DELETE', '/session', undefined, { endsSession: true })
    } catch (failure) {
      // 401: the session had ended already, which is what was asked for.
      if (!(failure instanceof ApiFailure && failure.status === 401)) {
        setIsBusy(false)
        return say({ look: 'failed', text: t('failure.signOut') })
      }
    }
    location.assign('/')
  }

  return (
    <form method="post" action="/logout" onSubmit={leave}>
      <input type="hidden" name="formToken" value={formToken} />
      <button className="menu-item" type="submit" aria-busy={isBusy || undefined}>
        {children}
      </button>
    </form>
  )
}
