import type { Clock } from '#server/ports/clock.ts'
import type { Lock, Locks } from '#server/ports/locks.ts'
import { Turns } from './turns.ts'

/**
 * Locks among the parts of one process. A holder cannot fall silent while others run on, so that a lease needs no renewing; it is lost only when
 * the locks are closed. Numbers start at the wall clock's microseconds, above those of the process's earlier lives.
 */
export function createMemoryLocks(parts: { clock: Clock }): Locks {
  const { clock } = parts
  const held = new Map<string, AbortController>()
  const turns = new Turns(clock)
  let lastFence = clock.now() * 1000
  let isClosed = false

  const hold = (name: string): Lock => {
    const life = new AbortController()
    held.set(name, life)
    const release = async () => {
      if (held.get(name) !== life) return
      held.delete(name)
      turns.callNext(name)
    }
    return { name, fence: ++lastFence, lost: life.signal, release, [Symbol.asyncDispose]: release }
  }

  return {
    async acquire(name, { waitMs = 0, signal }) {
      const endMs = clock.monotonicMs() + waitMs
      for (;;) {
        signal?.throwIfAborted()
        if (isClosed) throw new Error('The locks are closed.')
        if (!held.has(name)) return hold(name)
        const restMs = endMs - clock.monotonicMs()
        if (restMs <= 0) return undefined
        const turn = turns.stand(name)
        try {
          await turn.come(restMs, signal)
        } finally {
          turn.leave()
          // The call may have been for one who gives up.
          if (signal?.aborted && !held.has(name)) turns.callNext(name)
        }
      }
    },
    async close() {
      isClosed = true
      for (const life of held.values()) life.abort(new Error('The locks are closed.'))
      held.clear()
      turns.callEverybody()
    },
  }
}
