import type { Clock } from '#server/ports/clock.ts'

/** The film was thrown away, or has another source: what is made of it is of no use any more. */
class Unwanted extends Error {}

const lookMs = 2000

/** Works as long as the film is wanted, and is stopped within seconds when it is not. False: it was stopped. */
export async function whileWanted(
  parts: { clock: Clock; isWanted: () => Promise<boolean>; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const { clock, isWanted } = parts
  const unwanted = new AbortController()
  const isOver = new AbortController()
  const watching = (async () => {
    while (!isOver.signal.aborted) {
      await clock.wait(lookMs, isOver.signal)
      // Whoever can not be asked is asked again.
      if (!(await isWanted().catch(() => true))) return unwanted.abort(new Unwanted('nobody wants this film any more'))
    }
  })().catch(() => {})
  try {
    await work(AbortSignal.any([parts.signal, unwanted.signal]))
    return true
  } catch (error) {
    if (unwanted.signal.aborted && !parts.signal.aborted) return false
    throw error
  } finally {
    isOver.abort()
    await watching
  }
}
