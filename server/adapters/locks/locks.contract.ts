import { soon } from '#server/testing/grounds.ts'
import { describe, expect, test } from 'vitest'
import type { Locks } from '#server/ports/locks.ts'

/** `here` and `there` are in two processes, where the adapter knows several; otherwise they are one. Time is real. */
export type LocksGround = AsyncDisposable & { here: Locks; there: Locks }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export function locksContract(name: string, open: () => Promise<LocksGround>): void {
  describe(name, () => {
    test('of many who ask at once one gets it, and nobody who does not wait is kept', async () => {
      await using ground = await open()
      const asking = Array.from({ length: 40 }, (_, n) => (n % 2 ? ground.here : ground.there).acquire('film', { leaseMs: 5000 }))
      const locks = await Promise.all(asking)
      expect(locks.filter(Boolean)).toHaveLength(1)
    })

    test('names do not touch each other, and fencing numbers grow over all of them', async () => {
      await using ground = await open()
      const fences: number[] = []
      for (let n = 0; n < 20; n++) {
        await using lock = await (n % 2 ? ground.here : ground.there).acquire(`film ${n % 3}`, { leaseMs: 5000 })
        fences.push(lock?.fence ?? 0)
      }
      expect(fences).toEqual([...fences].sort((a, b) => a - b))
      expect(new Set(fences).size).toBe(20)
      expect(fences.every((fence) => Number.isSafeInteger(fence) && fence > 0)).toBe(true)
    })

    test('a waiter gets it as soon as it is given back, long before the lease would have run out', async () => {
      await using ground = await open()
      const first = await ground.here.acquire('film', { leaseMs: 20_000 })
      const waiting = ground.there.acquire('film', { leaseMs: 20_000, waitMs: 18_000 })
      await pause(100)
      const startMs = performance.now()
      await first?.release()
      const second = await waiting
      expect(performance.now() - startMs).toBeLessThan(soon(500))
      expect(second?.fence).toBeGreaterThan(first?.fence ?? Number.POSITIVE_INFINITY)
    })

    test('who has waited long enough goes without', async () => {
      await using ground = await open()
      await using lock = await ground.here.acquire('film', { leaseMs: 5000 })
      const startMs = performance.now()
      expect(await ground.there.acquire('film', { leaseMs: 5000, waitMs: 150 })).toBeUndefined()
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(145)
      expect(lock?.lost.aborted).toBe(false)
    })

    test('who gives up waiting takes no turn from others', async () => {
      await using ground = await open()
      const first = await ground.here.acquire('film', { leaseMs: 20_000 })
      const impatience = new AbortController()
      const leaving = ground.here.acquire('film', { leaseMs: 5000, waitMs: 10_000, signal: impatience.signal })
      const staying = ground.here.acquire('film', { leaseMs: 5000, waitMs: 10_000 })
      await pause(50)
      impatience.abort(new Error('no patience'))
      await expect(leaving).rejects.toThrow('no patience')
      await first?.release()
      expect(await staying).toBeDefined()
    })

    test('what is held lasts beyond its lease', async () => {
      await using ground = await open()
      await using lock = await ground.here.acquire('film', { leaseMs: 3000 })
      await pause(6500)
      expect(lock?.lost.aborted).toBe(false)
      expect(await ground.there.acquire('film', { leaseMs: 3000 })).toBeUndefined()
    })

    test('only one at a time does what is guarded', async () => {
      await using ground = await open()
      let inside = 0
      let done = 0
      const work = async (locks: Locks) => {
        for (let n = 0; n < 10; n++) {
          await using lock = await locks.acquire('counter', { leaseMs: 5000, waitMs: 20_000 })
          if (!lock) continue
          inside++
          expect(inside).toBe(1)
          await pause(1)
          inside--
          done++
        }
      }
      await Promise.all([work(ground.here), work(ground.there), work(ground.here), work(ground.there)])
      expect(done).toBe(40)
    })

    test('giving back twice does not free what another holds by then', async () => {
      await using ground = await open()
      const first = await ground.here.acquire('film', { leaseMs: 5000 })
      await first?.release()
      await using second = await ground.there.acquire('film', { leaseMs: 5000 })
      await first?.release()
      expect(second).toBeDefined()
      expect(await ground.here.acquire('film', { leaseMs: 5000 })).toBeUndefined()
    })

    test('closing tells the holders and those who wait', async () => {
      await using ground = await open()
      const lock = await ground.here.acquire('film', { leaseMs: 5000 })
      const waiting = ground.here.acquire('film', { leaseMs: 5000, waitMs: 10_000 })
      await pause(20)
      await ground.here.close()
      expect(lock?.lost.aborted).toBe(true)
      await expect(waiting).rejects.toThrow('closed')
      await lock?.release()
    })
  })
}
