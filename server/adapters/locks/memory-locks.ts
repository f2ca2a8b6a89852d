import type { Clock } from '#server/ports/clock.ts'
import type { Lock, Locks } from '#server/ports/locks.ts'

/**
 * Locks among the parts of one process. A holder cannot fall silent while others run on, so that a lease needs no renewing; it is lost only when
 * the locks are closed. Numbers start at the wall clock's microseconds, above those of every earlier life of the process.
 */
export function createMemoryLocks(parts: { clock: Clock }): Locks {
  const { clock } = parts
  const held = new Map<string, AbortController>()
  const waiters = new Map<string, Set<() => void>>()
  let lastFence = clock.now() * 1000
  let isClosed = false

  const hold = (name: string): Lock => {
    const life = new AbortController()
    held.set(name, life)
    const release = async () => {
      if (held.get(name) !== life) return
      held.delete(name)
      wakeNext(name)
    }
    return { name, fence: ++lastFence, lost: life.signal, release, [Symbol.asyncDispose]: release }
  }

  const wakeNext = (name: string) => {
    const [next] = waiters.get(name) ?? []
    next?.()
  }

  const waitForTurn = async (name: string, waitMs: number, signal: AbortSignal | undefined) => {
    const turn = Promise.withResolvers<void>()
    const queue = waiters.get(name) ?? new Set()
    waiters.set(name, queue.add(turn.resolve))
    const timer = clock.after(waitMs, turn.resolve)
    const onAbort = () => {
      turn.reject(signal?.reason)
      // The call to come next may have been for the one who leaves.
      if (!held.has(name)) wakeNext(name)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await turn.promise
    } finally {
      timer.cancel()
      signal?.removeEventListener('abort', onAbort)
      queue.delete(turn.resolve)
      if (queue.size === 0) waiters.delete(name)
    }
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
        await waitForTurn(name, restMs, signal)
      }
    },
    async close() {
      isClosed = true
      for (const life of held.values()) life.abort(new Error('The locks are closed.'))
      held.clear()
      for (const queue of waiters.values()) for (const wake of [...queue]) wake()
    },
  }
}
