import { describe, expect, test } from 'vitest'
import type { Limiter } from '#server/ports/limiter.ts'

/** `here` and `there` are in two processes, where the adapter knows several. `pass` lets the limiter's time go on. */
export type LimiterGround = AsyncDisposable & { here: Limiter; there: Limiter; pass(ms: number): Promise<void> }

export function limiterContract(name: string, open: () => Promise<LimiterGround>): void {
  describe(name, () => {
    test('of a hundred takings at once the burst passes', async () => {
      await using ground = await open()
      const limit = { count: 1, periodMs: 60_000, burst: 7 }
      const takings = Array.from({ length: 100 }, (_, n) => (n % 2 ? ground.here : ground.there).take('crowd', limit))
      const decisions = await Promise.all(takings)
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(7)
    })

    test('a refusal says when to come back, and then it passes', async () => {
      await using ground = await open()
      const limit = { count: 10, periodMs: 20_000, burst: 1 }
      expect(await ground.here.take('k', limit)).toMatchObject({ allowed: true, limit: 1, remaining: 0, retryAfterMs: 0 })
      const refused = await ground.there.take('k', limit)
      expect(refused).toMatchObject({ allowed: false, remaining: 0 })
      expect(refused.retryAfterMs).toBeGreaterThan(0)
      expect(refused.retryAfterMs).toBeLessThanOrEqual(2000)
      await ground.pass(Math.ceil(refused.retryAfterMs) + 20)
      expect(await ground.there.take('k', limit)).toMatchObject({ allowed: true })
    })

    test('keys do not touch each other; a cost counts; a look takes nothing', async () => {
      await using ground = await open()
      const limit = { count: 10, periodMs: 60_000 }
      expect(await ground.here.take('a', limit, 8)).toMatchObject({ allowed: true, limit: 10, remaining: 2 })
      expect(await ground.here.take('a', limit, 3)).toMatchObject({ allowed: false, remaining: 2 })
      expect(await ground.here.take('a', limit, 0)).toMatchObject({ allowed: true, remaining: 2 })
      expect(await ground.here.take('a', limit, 2)).toMatchObject({ allowed: true, remaining: 0 })
      expect(await ground.here.take('b', limit, 10)).toMatchObject({ allowed: true, remaining: 0 })
    })

    test('a reset gives everything back', async () => {
      await using ground = await open()
      const limit = { count: 1, periodMs: 60_000 }
      await ground.here.take('k', limit)
      expect(await ground.there.take('k', limit)).toMatchObject({ allowed: false })
      await ground.there.reset('k')
      expect(await ground.here.take('k', limit)).toMatchObject({ allowed: true })
    })

    test('a limit that was lowered holds at once, and for one period at most', async () => {
      await using ground = await open()
      await ground.here.take('k', { count: 1, periodMs: 3_600_000, burst: 100 }, 100)
      const lower = { count: 1, periodMs: 100, burst: 2 }
      expect(await ground.here.take('k', lower)).toMatchObject({ allowed: false })
      await ground.pass(120)
      expect(await ground.here.take('k', lower)).toMatchObject({ allowed: true })
    })

    test('what cannot be kept is refused at once', async () => {
      await using ground = await open()
      await expect(ground.here.take('k', { count: 0, periodMs: 1000 })).rejects.toThrow(RangeError)
      await expect(ground.here.take('k', { count: 5, periodMs: 1000 }, 6)).rejects.toThrow(RangeError)
    })
  })
}
