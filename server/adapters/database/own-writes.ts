import { viewerScope } from '#server/lib/viewer-scope.ts'
import type { Bus } from '#server/ports/bus.ts'

const topic = 'database.wrote'
const keptKeys = 100_000
/** A bus that hangs does not hold up whoever wrote. */
const tellMs = 100

/** Who has written lately, so that their reading goes to the primary until every replica that is in use has it. */
export type OwnWrites = {
  /** Call when a write of the present scope has been committed; resolves when the other processes are told. */
  wrote(): Promise<void>
  /** Must what the present scope reads be fresh? */
  mustBeFresh(): boolean
  /** Tells the other processes over the bus, and listens to them. */
  shareOver(bus: Bus): Promise<void>
}

export function createOwnWrites(windowMs: () => number): OwnWrites {
  const until = new Map<string, number>()
  let doubtUntilMs = Number.NEGATIVE_INFINITY
  let shared: Bus | undefined

  const note = (key: string) => {
    until.delete(key)
    until.set(key, performance.now() + windowMs() * 2)
    const [oldest] = until.keys()
    if (until.size > keptKeys && oldest !== undefined) until.delete(oldest)
  }
  const remainingMs = (key: string) => (until.get(key) ?? Number.NEGATIVE_INFINITY) - performance.now()

  return {
    async wrote() {
      const scope = viewerScope()
      if (!scope) return
      scope.wroteAtMs = Date.now()
      // A mark lasts for two windows, so that it need not be set, and told, again by each write.
      if (remainingMs(scope.key) > windowMs()) return
      note(scope.key)
      if (shared)
        await Promise.race([shared.publish(topic, scope.key), new Promise((resolve) => setTimeout(resolve, tellMs).unref())]).catch(
          () => undefined,
        )
    },
    mustBeFresh() {
      const scope = viewerScope()
      if (!scope) return false
      if (performance.now() < doubtUntilMs || remainingMs(scope.key) > 0) return true
      // Told by another process, perhaps, whose clock is ahead of ours.
      return scope.wroteAtMs !== undefined && Math.abs(Date.now() - scope.wroteAtMs) < windowMs()
    },
    async shareOver(bus) {
      const heard = (key: unknown) => void (typeof key === 'string' && note(key))
      const gap = () => {
        doubtUntilMs = performance.now() + windowMs()
      }
      await bus.subscribe(topic, heard, gap)
      shared = bus
    },
  }
}
