import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import type { Cache } from '#server/ports/cache.ts'
import { refreshPauseMs } from './memory-cache.ts'

/** `here` and `there` are in two processes, where the adapter knows several; otherwise they are one. Time is real. */
export type CacheGround = AsyncDisposable & { here: Cache; there: Cache }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const long = { freshMs: 60_000, tags: ['film:1'] }

/** A source that a test holds still. */
function heldSource<T>(value: () => T) {
  const begun = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const load = async () => {
    const read = value()
    begun.resolve()
    await gate.promise
    return read
  }
  return { load, begun: begun.promise, letGo: gate.resolve }
}

export function cacheContract(name: string, open: () => Promise<CacheGround>): void {
  describe(name, () => {
    test('a value is loaded once, however many ask at once and afterwards', async () => {
      await using ground = await open()
      let loads = 0
      const load = async () => {
        await pause(30)
        return { n: ++loads, title: '卧虎藏龙' }
      }
      const asking = Array.from({ length: 200 }, (_, n) => (n % 2 ? ground.here : ground.there).get('film', long, load))
      const values = await Promise.all(asking)
      values.push(await ground.here.get('film', long, load), await ground.there.get('film', long, load))
      expect(loads).toBe(1)
      for (const value of values) expect(value).toEqual({ n: 1, title: '卧虎藏龙' })
    })

    test('all are answered one object that nobody can change, and nothing but JSON', async () => {
      await using ground = await open()
      const load = async () => ({ at: new Date(0), list: [{ n: 1 }], gone: undefined })
      const first = await ground.here.get('k', long, load)
      const second = await ground.here.get('k', long, load)
      expect(first).toEqual({ at: '1970-01-01T00:00:00.000Z', list: [{ n: 1 }] })
      expect(second).toEqual(first)
      expect(await ground.here.get('k', long, load)).toBe(second)
      expect(() => first.list.push({ n: 2 })).toThrow(TypeError)
    })

    test('nothing and null are told apart: undefined is not kept, null is', async () => {
      await using ground = await open()
      let loads = 0
      const answer = (value: undefined | null) => async () => {
        loads++
        return value
      }
      for (let n = 0; n < 3; n++) expect(await ground.here.get('nothing', long, answer(undefined))).toBeUndefined()
      expect(loads).toBe(3)
      for (let n = 0; n < 3; n++) expect(await ground.here.get('null', long, answer(null))).toBeNull()
      expect(loads).toBe(4)
    })

    test('a load that fails fails for those who wait, and the next one loads again', async () => {
      await using ground = await open()
      let loads = 0
      const load = async () => {
        await pause(10)
        if (++loads === 1) throw new Error('no database')
        return 'better'
      }
      const asking = await Promise.allSettled(Array.from({ length: 20 }, () => ground.here.get('k', long, load)))
      expect(asking.map(({ status }) => status)).toEqual(Array(20).fill('rejected'))
      expect(await ground.there.get('k', long, load)).toBe('better')
      expect(ground.here.figures().loadFailures).toBe(1)
    })

    test('what is forgotten is loaded anew on every node, by any of its tags, and nothing else is', async () => {
      await using ground = await open()
      const loaded: string[] = []
      const get = (cache: Cache, key: string, tags: string[]) =>
        cache.get(key, { freshMs: 60_000, tags }, async () => {
          loaded.push(key)
          return key
        })
      const all = async (cache: Cache) => {
        await get(cache, 'a', ['film:1', 'list'])
        await get(cache, 'b', ['film:2', 'list'])
        await get(cache, 'c', ['film:3'])
      }
      await all(ground.here)
      await all(ground.there)
      expect(loaded).toEqual(['a', 'b', 'c'])
      await ground.here.invalidate('film:1', 'nobody has this')
      await all(ground.here)
      await expect.poll(() => all(ground.there).then(() => loaded)).toEqual(['a', 'b', 'c', 'a'])
      await ground.there.invalidate('list')
      await all(ground.there)
      await expect.poll(() => all(ground.here).then(() => loaded)).toEqual(['a', 'b', 'c', 'a', 'a', 'b'])
      await pause(1000)
      await all(ground.here)
      expect(loaded).toEqual(['a', 'b', 'c', 'a', 'a', 'b'])
    })

    test('a value whose load began before a write never lands after it', async () => {
      await using ground = await open()
      for (const [reader, writer] of [
        [ground.here, ground.here],
        [ground.here, ground.there],
      ] as const) {
        let stored = 'old'
        const held = heldSource(() => stored)
        const early = reader.get('film', long, held.load)
        await held.begun
        stored = 'new'
        await writer.invalidate('film:1')
        const between = writer.get('film', long, async () => stored)
        expect(await between).toBe('new')
        held.letGo()
        expect(await early).toBe('old')
        expect(await writer.get('film', long, async () => stored)).toBe('new')
        await pause(1000)
        expect(await reader.get('film', long, async () => stored)).toBe('new')
        await writer.invalidate('film:1')
        await pause(100)
      }
    })

    test('who asks after a write does not join the flight that began before it', async () => {
      await using ground = await open()
      let stored = 'old'
      const held = heldSource(() => stored)
      const early = ground.here.get('film', long, held.load)
      await held.begun
      stored = 'new'
      await ground.here.invalidate('film:1')
      expect(await ground.here.get('film', long, async () => stored)).toBe('new')
      held.letGo()
      await early
      expect(await ground.here.get('film', long, async () => stored)).toBe('new')
    })

    test('what is stale is answered at once while one flight refreshes it; what is too old is not', async () => {
      await using ground = await open()
      let stored = 1
      let loads = 0
      const options = { freshMs: 600, staleMs: 4000, tags: [] }
      const load = async () => {
        loads++
        await pause(50)
        return stored
      }
      expect(await ground.here.get('k', options, load)).toBe(1)
      stored = 2
      await pause(700)
      const stale = await Promise.all(Array.from({ length: 50 }, () => ground.here.get('k', options, load)))
      expect(new Set(stale)).toEqual(new Set([1]))
      await expect.poll(() => ground.here.get('k', options, load)).toBe(2)
      expect(loads).toBe(2)
      expect(ground.here.figures().staleHits).toBeGreaterThanOrEqual(50)
      stored = 3
      await pause(4700)
      expect(await ground.here.get('k', options, load)).toBe(3)
    })

    test('while refreshing fails what is stale is answered, and the source is not asked at every call', async () => {
      await using ground = await open()
      let loads = 0
      const options = { freshMs: 50, staleMs: 60_000, tags: [] }
      const load = async () => {
        if (++loads > 1) throw new Error('no database')
        return 'kept'
      }
      await ground.here.get('k', options, load)
      await pause(80)
      const startMs = performance.now()
      for (let n = 0; n < 30; n++) {
        expect(await ground.here.get('k', options, load)).toBe('kept')
        await pause(10)
      }
      await expect.poll(() => loads).toBeGreaterThan(1)
      // The first, and one more for each pause that the thirty took on a busy machine.
      expect(loads).toBeLessThanOrEqual(2 + (performance.now() - startMs) / refreshPauseMs)
    })

    test('memory is bounded in bytes, and one value can not push out all others', async () => {
      await using ground = await open()
      const page = (n: number) => ground.here.get(`page ${n}`, long, async () => 'x'.repeat(10_000))
      for (let n = 0; n < 300; n++) await page(n)
      expect(ground.here.figures().bytes).toBeLessThanOrEqual(maxBytes)
      expect(ground.here.figures().entries).toBeGreaterThan(20)
      const { entries } = ground.here.figures()
      await ground.here.get('giant', long, async () => 'x'.repeat(maxBytes))
      expect(ground.here.figures().entries).toBeGreaterThanOrEqual(entries - 1)
    })

    test('a load is told when it takes too long, those who wait are answered, and the key is free again', async () => {
      await using ground = await open()
      let told: unknown
      const endless = (signal: AbortSignal) =>
        new Promise<string>(() => {
          signal.addEventListener('abort', () => {
            told = signal.reason
          })
        })
      await expect(ground.here.get('k', long, endless)).rejects.toMatchObject({ kind: 'unavailable' })
      expect(told).toMatchObject({ code: 'cache.load_too_long' })
      expect(await ground.here.get('k', long, async () => 'soon')).toBe('soon')
    })

    test('a load runs outside the transaction, or request, of the one who came first', async () => {
      await using ground = await open()
      const transaction = new AsyncLocalStorage<string>()
      const load = async () => transaction.getStore() ?? 'none'
      expect(await transaction.run('mine', () => ground.here.get('k', long, load))).toBe('none')
    })

    test('keys and tags may be long, and in any script', async () => {
      await using ground = await open()
      const key = `/films/${'霸王別姬'.repeat(200)}`
      const other = `${key}!`
      const tags = [`tag ${'長'.repeat(500)}`]
      let n = 0
      const load = async () => ++n
      expect(await ground.here.get(key, { freshMs: 60_000, tags }, load)).toBe(1)
      expect(await ground.here.get(other, { freshMs: 60_000, tags: [] }, load)).toBe(2)
      await ground.here.invalidate(...tags)
      expect(await ground.here.get(key, { freshMs: 60_000, tags }, load)).toBe(3)
      expect(await ground.here.get(other, { freshMs: 60_000, tags: [] }, load)).toBe(2)
    })

    test('closing ends the loads', async () => {
      await using ground = await open()
      const held = heldSource(() => 1)
      const waiting = ground.here.get('k', long, held.load)
      await held.begun
      const refused = expect(waiting).rejects.toThrow('closed')
      await ground.here.close()
      await refused
    })
  })
}

/** What the grounds open their caches with. */
export const maxBytes = 1 << 20
export const loadTimeoutMs = 3000
