import { LineBroke, type Trouble } from './failure.ts'

/** Waits so long, or until `wake` says that it is worth trying; who gave up is told at once. */
export async function waitFor(ms: number, signal: AbortSignal, wake?: (signal: AbortSignal) => Promise<void>): Promise<void> {
  signal.throwIfAborted()
  const ended = new AbortController()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  wake?.(ended.signal).then(resolve, () => undefined)
  try {
    await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    ended.abort()
  }
}

/**
 * Full jitter under a ceiling that grows by a third: clients that were cut off together do not come back together, and no pause is much longer than all
 * the time that was waited before, so that a server that is back after some seconds is soon found.
 */
export function backoffMs(failures: number, chance: () => number = Math.random): number {
  return chance() * Math.min(30_000, 250 * 1.3 ** Math.min(failures, 40))
}

type Persistence = {
  signal: AbortSignal
  tries?: number
  wake?: ((signal: AbortSignal) => Promise<void>) | undefined
  onTrouble?: ((trouble: Trouble) => void) | undefined
}

/** Again and again, as long as only the line breaks. */
export async function persistently<T>(
  attempt: () => Promise<T>,
  { signal, tries = Number.POSITIVE_INFINITY, wake, onTrouble }: Persistence,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof LineBroke) || failures >= tries) throw error
      onTrouble?.(error.trouble)
      await waitFor(error.retryAfterMs ?? backoffMs(failures), signal, wake)
    }
  }
}
