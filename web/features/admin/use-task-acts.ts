import type { Api } from '#web/lib/api-context.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'

/** A deed on tasks, kinds or chores: all that is shown of them is read again. A refusal is said in the server's words. */
export function useTaskActs() {
  const failureText = useFailureText()
  const say = useSay()
  const { busy, run } = useDeeds()
  return {
    busy,
    async act(name: string, work: (api: Api) => Promise<unknown>): Promise<void> {
      const outcome = await run(name, work, ['/admin/task', '/admin/chores', '/admin/figures'])
      if (outcome.state === 'failed') say({ look: 'failed', text: failureText(outcome.failure) })
    },
  }
}
