import { setTimeout as wait } from 'node:timers/promises'
import { Retryable } from '#server/database/errors.ts'

const attempts = 8
const firstPauseMs = 4
const longestPauseMs = 250
/** After so long no attempt begins any more: somebody waits. */
const patienceMs = 2500

/** Tries again what is known to have changed nothing, with growing pauses of chance, so that those who met do not meet again. */
export async function retried<R>(work: () => Promise<R>): Promise<R> {
  const startedMs = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Retryable) || attempt === attempts || performance.now() - startedMs > patienceMs) throw error
      await wait(Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** attempt))
    }
  }
}
