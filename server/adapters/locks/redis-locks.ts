import { randomBytes } from 'node:crypto'
import { Problem } from '#server/lib/problem.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Lock, Locks } from '#server/ports/locks.ts'
import { LineDown } from '../redis/errors.ts'
import type { RedisKeys } from '../redis/keys.ts'
import type { RedisLine } from '../redis/line.ts'
import { readScript } from '../redis/script.ts'
import { RedisLease } from './redis-lease.ts'
import { Turns } from './turns.ts'

const acquire = readScript(import.meta.url, 'acquire.lua')

/** A waiter that heard nothing of a lock that was freed looks again after so long. */
const lookAgainMs = 1000
const leastPauseMs = 20

export async function openRedisLocks(parts: { line: RedisLine; keys: RedisKeys; clock: Clock }): Promise<Locks> {
  const { line, keys, clock } = parts
  const held = new Set<RedisLease>()
  const turns = new Turns(clock)
  let highestFence = 0
  let isClosed = false

  await line.join(keys.lockFreed, (name) => turns.callAll(name))

  const tryOnce = async (name: string, leaseMs: number): Promise<{ lock: Lock } | { freeInMs: number }> => {
    const holder = randomBytes(12).toString('base64url')
    const takenMs = clock.monotonicMs()
    const names = [keys.lock(name), keys.lockFence]
    const [text, freeInMs] = (await line.call(acquire, names, [holder, String(leaseMs), String(highestFence)])) as [string, number]
    if (text === '') return { freeInMs }
    const fence = Number(text)
    highestFence = Math.max(highestFence, fence)
    const onEnd = (lease: RedisLease) => void held.delete(lease)
    const lease = new RedisLease({ name, holder, fence, leaseMs, takenMs }, { line, keys, clock, onEnd })
    held.add(lease)
    return { lock: lease }
  }

  return {
    async acquire(name, { leaseMs, waitMs = 0, signal }) {
      if (!Number.isSafeInteger(leaseMs) || leaseMs < 100)
        throw new RangeError('A lease lasts a whole number of milliseconds, 100 at least.')
      const endMs = clock.monotonicMs() + waitMs
      for (;;) {
        signal?.throwIfAborted()
        if (isClosed) throw new Error('The locks are closed.')
        const turn = turns.stand(name)
        try {
          const tried = await tryOnce(name, leaseMs).catch((error: unknown) => ({ error }))
          if ('lock' in tried) return tried.lock
          if ('error' in tried && !(tried.error instanceof LineDown)) throw tried.error
          const restMs = endMs - clock.monotonicMs()
          if (restMs > 0) await turn.come(Math.min(restMs, pauseBefore(tried)), signal)
          else if ('error' in tried) throw new Problem('unavailable', 'locks.unreachable', { cause: tried.error })
          else return undefined
        } finally {
          turn.leave()
        }
      }
    },
    async close() {
      isClosed = true
      await line.leave(keys.lockFreed)
      const leases = [...held]
      for (const lease of leases) lease.lose('the locks are closed')
      turns.callEverybody()
    },
  }
}

/** Until the lease may have run out. Waiters that were called by nobody do not all look in the same moment. */
function pauseBefore(tried: { freeInMs: number } | { error: unknown }): number {
  const freeInMs = 'freeInMs' in tried && tried.freeInMs >= 0 ? tried.freeInMs : lookAgainMs
  return Math.max(leastPauseMs, Math.min(freeInMs, lookAgainMs) * (0.75 + Math.random() / 4))
}
