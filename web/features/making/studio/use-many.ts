import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import type { Api } from '#web/lib/api-context.ts'
import { ApiFailure } from '#web/lib/failure.ts'
import { useDeeds } from '#web/lib/use-deed.ts'
import { useFailureText } from '#web/ui/failure-text.tsx'
import { useSay } from '#web/ui/status.tsx'
import { pathOfAll } from './api.ts'

type Done = 'deleted' | 'changed'
type Many = { videos: readonly Video[]; done: Done; work(api: Api, path: string): Promise<unknown>; undo?: { text: string; act(): void } }

/** Does the same with many films, one after another. What fails stops nothing else, and is counted with its reason. */
export function useMany(username: string): { busy: boolean; run(many: Many): Promise<boolean> } {
  const t = useTranslations('making.studio.done')
  const say = useSay()
  const failureText = useFailureText()
  const { busy, run } = useDeeds()
  return {
    busy: busy !== undefined,
    async run({ videos, done, work, undo }) {
      const failures: ApiFailure[] = []
      const outcome = await run(
        done,
        async (api) => {
          for (const { id } of videos)
            await work(api, `${pathOfAll(username)}/${id}`).catch((error: unknown) => failures.push(known(error)))
        },
        [pathOfAll(username)],
      )
      if (outcome.state === 'passed over') return false
      const [first] = failures
      const count = videos.length - failures.length
      if (first) say({ look: 'failed', text: t('partly', { count, failed: failures.length, why: failureText(first) }) })
      else say({ look: 'done', text: t(done, { count }), ...(undo ? { undo } : {}) })
      return !first
    },
  }
}

function known(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure({ kind: 'broken', status: 0 }, { cause: error })
}
