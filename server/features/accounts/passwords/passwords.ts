import { availableParallelism } from 'node:os'
import { Gate, type GateFigures } from '#server/lib/gate.ts'
import { type Cost, hashPassword, isOutdated, isPassword, usualCost } from './hash.ts'

export interface Passwords {
  hash(password: string, signal?: AbortSignal): Promise<string>
  /** The same work for a wrong password and for `undefined`, which stands for nobody. */
  check(password: string, phc: string | undefined, signal?: AbortSignal): Promise<{ isRight: boolean; isOutdated: boolean }>
  figures(): GateFigures
}

/** Hashing takes a core and 19 MiB: as many at once as leave a core to others, a line that stays short, and the rest comes again later. */
export function createPasswords(options: { atOnce?: number; mayWait?: number; cost?: Cost | undefined } = {}): Passwords {
  const { cost = usualCost } = options
  const atOnce = options.atOnce ?? Math.max(1, Math.min(3, availableParallelism() - 1))
  const gate = new Gate({ atOnce, mayWait: options.mayWait ?? 100, code: 'password.busy', retryAfterMs: 2000 })
  return {
    hash: (password, signal) => gate.run(() => hashPassword(password, cost), signal),
    async check(password, phc = '', signal) {
      const isRight = await gate.run(() => isPassword(password, phc, cost), signal)
      return { isRight, isOutdated: isRight && isOutdated(phc, cost) }
    },
    figures: () => gate.figures(),
  }
}
