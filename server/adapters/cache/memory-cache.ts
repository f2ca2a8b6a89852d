import { AsyncLocalStorage } from 'node:async_hooks'
import type { Cache, CacheFigures, CacheOptions } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import { type Flight, LocalLayer } from './local-layer.ts'
import { loadInTime, toValue } from './values.ts'

export function createMemoryCache(parts: { clock: Clock; maxBytes: number; loadTimeoutMs?: number }): Cache {
  const { clock, maxBytes, loadTimeoutMs: timeoutMs = 30_000 } = parts
  const local = new LocalLayer(maxBytes)
  const closing = new AbortController()
  const counts = { memoryHits: 0, sharedHits: 0, staleHits: 0, loads: 0, loadFailures: 0, invalidations: 0 }
  // A flight serves many callers: it must not run inside the transaction or the request of the one who came first.
  const outside = AsyncLocalStorage.snapshot()

  const load = async (key: string, options: CacheOptions, flight: Flight, source: (signal: AbortSignal) => Promise<unknown>) => {
    const bornMs = clock.monotonicMs()
    counts.loads++
    try {
      const loaded = await outside(() => loadInTime(source, { clock, timeoutMs, closing: closing.signal }))
      const made = toValue(loaded)
      if (!made) return loaded
      const { value, sizeBytes } = made
      if (!flight.isVoid) local.keep(key, { value, sizeBytes, bornMs, checkedMs: bornMs, tags: options.tags, refreshAfterMs: 0 })
      return value
    } catch (error) {
      counts.loadFailures++
      throw error
    }
  }

  return {
    async get<T>(key: string, options: CacheOptions, source: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const fly = () => local.fly(key, options.tags, (flight) => load(key, options, flight, source)) as Promise<T>
      const entry = local.find(key)
      if (!entry) return fly()
      const ageMs = clock.monotonicMs() - entry.bornMs
      if (ageMs >= options.freshMs) {
        if (ageMs >= options.freshMs + (options.staleMs ?? 0)) return fly()
        counts.staleHits++
        if (ageMs + entry.bornMs >= entry.refreshAfterMs) {
          fly().catch(() => {
            entry.refreshAfterMs = clock.monotonicMs() + refreshPauseMs
          })
        }
      }
      counts.memoryHits++
      return entry.value as T
    },
    async invalidate(...tags) {
      counts.invalidations++
      local.forget(tags)
    },
    figures: (): CacheFigures => ({ ...counts, bytes: local.bytes, entries: local.size }),
    async close() {
      closing.abort(new Error('The cache is closed.'))
      local.forgetAll()
    },
  }
}

/** While refreshing fails, what is stale is answered, and the source is asked so often. */
export const refreshPauseMs = 1000
