import { useState } from 'react'
import { type Api, useApi } from './api-context.ts'
import { ApiFailure } from './failure.ts'
import { useReadings } from './reading.ts'

type Outcome = { state: 'done' } | { state: 'failed'; failure: ApiFailure } | { state: 'passed over' }

export type Deeds = {
  /** The name of the deed under way. */
  busy: string | undefined
  /** Does it unless another is under way, then has read again what it made stale, whether it went well or not. */
  run(name: string, work: (api: Api) => Promise<unknown>, stale?: readonly string[]): Promise<Outcome>
}

/** Something done by a press of a button, outside of forms. */
export function useDeeds(): Deeds {
  const api = useApi()
  const { forget } = useReadings()
  const [busy, setBusy] = useState<string>()
  return {
    busy,
    async run(name, work, stale = []) {
      if (busy !== undefined) return { state: 'passed over' }
      setBusy(name)
      try {
        await work(api)
        return { state: 'done' }
      } catch (reason) {
        return {
          state: 'failed',
          failure: reason instanceof ApiFailure ? reason : new ApiFailure({ kind: 'broken', status: 0 }, { cause: reason }),
        }
      } finally {
        setBusy(undefined)
        await Promise.all(stale.map((prefix) => forget(prefix)))
      }
    },
  }
}
