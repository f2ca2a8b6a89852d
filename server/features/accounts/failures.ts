import { Problem } from '#server/lib/problem.ts'
import { addressGroup } from '#server/lib/address.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Limit, Limiter } from '#server/ports/limiter.ts'
import { tooManyFailures } from './errors.ts'

export type FailureSettings = { failuresPerAccount: number; failuresPerAddress: number; failureWindowMs: number }

export interface Failures {
  /**
   * Runs an attempt to prove who one is. One that fails (answers false) costs the account and the address one of their failures; one that succeeds
   * costs nothing, however many there are. Refused at once, before any work, when there are none left.
   */
  attempt(who: { account: string; address: string }, prove: () => Promise<boolean>): Promise<boolean>
}

/** Few of one address are looked at together, so that a flood is counted while it flows and a classroom still gets in. */
const atOncePerAddress = 4
const mostWaiting = 500

export function createFailures(parts: { limiter: Limiter; clock: Clock; settings: () => FailureSettings }): Failures {
  const { limiter, settings } = parts
  const accounts = createTurns(1)
  const addresses = createTurns(atOncePerAddress)

  const check = async (key: string, limit: Limit) => {
    const { remaining } = await limiter.take(key, limit, 0)
    if (remaining >= 1) return
    const { retryAfterMs, allowed } = await limiter.take(key, limit)
    if (!allowed) throw tooManyFailures(retryAfterMs)
  }

  return {
    async attempt({ account, address }, prove) {
      const { failuresPerAccount, failuresPerAddress, failureWindowMs } = settings()
      const perAccount: Limit = { count: failuresPerAccount, periodMs: failureWindowMs }
      const perAddress: Limit = { count: failuresPerAddress, periodMs: failureWindowMs }
      const accountKey = `failures:account:${account}`
      const addressKey = `failures:address:${addressGroup(address)}`
      return accounts.run(accountKey, () =>
        addresses.run(addressKey, async () => {
          await check(accountKey, perAccount)
          await check(addressKey, perAddress)
          const isProved = await prove()
          if (!isProved) await Promise.all([limiter.take(accountKey, perAccount), limiter.take(addressKey, perAddress)])
          return isProved
        }),
      )
    },
  }
}

/** So many of one key at once; the others wait in line. */
function createTurns(atOnce: number) {
  const lines = new Map<string, { running: number; waiting: (() => void)[] }>()
  return {
    async run<T>(key: string, work: () => Promise<T>): Promise<T> {
      const line = lines.get(key) ?? { running: 0, waiting: [] }
      lines.set(key, line)
      if (line.running < atOnce) line.running++
      else if (line.waiting.length >= mostWaiting) throw new Problem('unavailable', 'password.busy', { retryAfterMs: 2000 })
      else await new Promise<void>((enter) => line.waiting.push(enter))
      try {
        return await work()
      } finally {
        const next = line.waiting.shift()
        if (next) next()
        else if (--line.running === 0) lines.delete(key)
      }
    },
  }
}
