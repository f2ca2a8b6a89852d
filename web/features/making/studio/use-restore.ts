import { useTranslations } from 'use-intl'
import { useDeeds } from '#web/lib/use-deed.ts'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { pathOfAll } from './api.ts'

/** Second thoughts: films come back as they were. */
export function useRestore(username: string): { busy: boolean; restore(ids: readonly string[]): void } {
  const t = useTranslations('studio.thrown')
  const say = useSay()
  const failureText = useFailureText()
  const { busy, run } = useDeeds()

  async function restore(ids: readonly string[]) {
    const path = pathOfAll(username)
    const work = async (api: Parameters<Parameters<typeof run>[1]>[0]) => {
      for (const id of ids) await api.send('POST', `${path}/${id}/restore`)
    }
    const outcome = await run('restore', work, [path])
    if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
    if (outcome.state === 'done') say({ look: 'done', text: t('restored', { count: ids.length }) })
  }

  return { busy: busy !== undefined, restore: (ids) => void restore(ids) }
}
