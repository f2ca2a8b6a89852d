import { AsyncLocalStorage } from 'node:async_hooks'
import type { Cache, CacheFigures, CacheOptions } from '#server/ports/cache.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { Turns } from '../locks/turns.ts'
import { LineDown } from '../redis/errors.ts'
import type { RedisKeys } from '../redis/keys.ts'
import type { RedisLine } from '../redis/line.ts'
import { type Flight, LocalLayer } from './local-layer.ts'
import { refreshPauseMs } from './memory-cache.ts'
import { type Beginning, createSharedLayer, type LoadTicket, loadLeaseMs } from './shared-layer.ts'
import { Trust } from './trust.ts'
import { fromText, loadInTime, toValue } from './values.ts'

type Parts = { line: RedisLine; keys: RedisKeys; clock: Clock; log: Log; maxBytes: number; loadTimeoutMs?: number }
type Source = (signal: AbortSignal) => Promise<unknown>
type Wish = { key: string; options: CacheOptions; source: Source; flight: Flight }

/** What is longer stays in the process that loaded it: it would hold up everything else on the line. */
const longestShared = 1 << 20
/** Who waits for another's load is told when it ends; the message may be lost. */
const lookAgainMs = 200

/** Memory → single flight → Redis → single flight over all processes → source. */
export async function openRedisCache(parts: Parts): Promise<Cache> {
  const { line, keys, clock, log, maxBytes, loadTimeoutMs: timeoutMs = 30_000 } = parts
  const local = new LocalLayer(maxBytes)
  const shared = createSharedLayer(line, keys)
  const turns = new Turns(clock)
  const trust = new Trust({ local, shared, line, clock, log, onLoaded: (key) => turns.callAll(key) })
  const closing = new AbortController()
  const counts = { memoryHits: 0, sharedHits: 0, staleHits: 0, loads: 0, loadFailures: 0, invalidations: 0 }
  // A flight serves many callers: it must not run inside the transaction or the request of the one who came first.
  const outside = AsyncLocalStorage.snapshot()

  const keep = ({ key, options, flight }: Wish, made: ReturnType<typeof fromText>, times: { bornMs: number; checkedMs: number }) => {
    if (flight.isVoid) return
    local.keep(key, { value: made.value, sizeBytes: made.sizeBytes, ...times, tags: options.tags, refreshAfterMs: 0 })
  }

  const load = async ({ source }: Wish) => {
    counts.loads++
    try {
      return await outside(() => loadInTime(source, { clock, timeoutMs, closing: closing.signal }))
    } catch (error) {
      counts.loadFailures++
      throw error
    }
  }

  /** Without Redis: what is loaded is believed for a second from the load's begin. */
  const loadAlone = async (wish: Wish) => {
    const bornMs = clock.monotonicMs()
    const loaded = await load(wish)
    const made = toValue(loaded)
    if (!made) return loaded
    keep(wish, made, { bornMs, checkedMs: bornMs })
    return made.value
  }

  const loadForAll = async (wish: Wish, ticket: LoadTicket) => {
    const bornMs = clock.monotonicMs()
    const renewal = keepRenewing(clock, () => shared.keepLoading(ticket))
    let loaded: unknown
    try {
      loaded = await load(wish)
    } catch (error) {
      await shared.end(ticket, undefined).catch(ignoreDown)
      throw error
    } finally {
      renewal.cancel()
    }
    const made = toValue(loaded)
    if (!made) {
      await shared.end(ticket, undefined).catch(ignoreDown)
      return loaded
    }
    const landed = await shared.end(ticket, made.text.length <= longestShared ? made.text : undefined).catch(ignoreDown)
    // Not landed: somebody has written since. Unknown, because the line broke: believed for a second, as if loaded alone.
    if (landed !== false || made.text.length > longestShared) keep(wish, made, { bornMs, checkedMs: bornMs })
    return made.value
  }

  const fetch = async (wish: Wish, wants: { stale: boolean }): Promise<unknown> => {
    const { key, options } = wish
    const giveUpMs = clock.monotonicMs() + timeoutMs
    while (line.isUp && clock.monotonicMs() < giveUpMs) {
      const turn = turns.stand(key)
      try {
        const checkedMs = clock.monotonicMs()
        const beginning = await shared.begin(key, options, wants).catch(ignoreDown)
        if (!beginning) break
        if (beginning.state === 'load') return await loadForAll(wish, beginning.ticket)
        if (beginning.state === 'wait') await turn.come(lookAgainMs, closing.signal)
        else return take(wish, beginning, checkedMs)
      } finally {
        turn.leave()
      }
    }
    return loadAlone(wish)
  }

  const take = (wish: Wish, found: Extract<Beginning, { text: string }>, checkedMs: number) => {
    counts.sharedHits++
    const made = fromText(found.text)
    keep(wish, made, { bornMs: checkedMs - found.ageMs, checkedMs })
    if (found.ticket) void refresh(wish.key, wish.options, wish.source, found.ticket)
    return made.value
  }

  /** Behind the back of those who are answered with what is stale. Never rejects. */
  const refresh = async (key: string, options: CacheOptions, source: Source, ticket?: LoadTicket) => {
    try {
      await local.fly(`${key}\0refresh`, options.tags, (flight) => {
        const wish = { key, options, source, flight }
        return ticket ? loadForAll(wish, ticket) : fetch(wish, { stale: false })
      })
    } catch {
      const entry = local.find(key)
      if (entry) entry.refreshAfterMs = clock.monotonicMs() + refreshPauseMs
    }
  }

  await trust.open()

  return {
    async get<T>(key: string, options: CacheOptions, source: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const nowMs = clock.monotonicMs()
      const entry = local.find(key)
      const ageMs = entry ? nowMs - entry.bornMs : Number.POSITIVE_INFINITY
      if (entry && ageMs < options.freshMs + (options.staleMs ?? 0) && trust.covers(entry.checkedMs, nowMs)) {
        counts.memoryHits++
        if (ageMs >= options.freshMs) {
          counts.staleHits++
          if (nowMs >= entry.refreshAfterMs && !local.isFlying(`${key}\0refresh`)) void refresh(key, options, source)
        }
        return entry.value as T
      }
      return local.fly(key, options.tags, (flight) => fetch({ key, options, source, flight }, { stale: true })) as Promise<T>
    },
    async invalidate(...tags) {
      counts.invalidations++
      local.forget(tags)
      await trust.forget(tags)
      // What was read from Redis before Redis forgot it, and kept here meanwhile.
      local.forget(tags)
    },
    figures: (): CacheFigures => ({ ...counts, bytes: local.bytes, entries: local.size }),
    async close() {
      closing.abort(new Error('The cache is closed.'))
      await trust.close()
      local.forgetAll()
    },
  }
}

function keepRenewing(clock: Clock, renew: () => Promise<void>): { cancel(): void } {
  let timer = clock.after(loadLeaseMs / 3, again)
  let isOver = false
  function again() {
    renew()
      .catch(() => {})
      .finally(() => {
        if (!isOver) timer = clock.after(loadLeaseMs / 3, again)
      })
  }
  return {
    cancel() {
      isOver = true
      timer.cancel()
    },
  }
}

function ignoreDown(error: unknown): undefined {
  if (!(error instanceof LineDown)) throw error
}
