import { Problem } from '#server/lib/problem.ts'
import type { Json } from '#server/lib/json.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Doubt } from './held.ts'
import type { SessionStore } from './store.ts'

const doubtTopic = 'session.doubt'
/** No answer rests on anything older. */
const trustMs = 900
const againMs = 400
const pageSize = 1000

export interface DoubtWatch extends AsyncDisposable {
  /** True while what is held is at most a second old. */
  isFresh(): boolean
  /** Asks the database, once however many wait. Answers what is wrong where it cannot be asked. */
  check(): Promise<Problem | undefined>
  /** Tells the other processes what was committed. */
  tell(doubt: Doubt): Promise<void>
}

/**
 * Keeps this process from believing sessions that have ended elsewhere. The bus tells at once, and may be down or not be asked (a command line that
 * works on the same database): so the number of the newest doubt is read too, before an answer and, while there are questions, ahead of them.
 */
export async function watchDoubts(parts: {
  store: Pick<SessionStore, 'epoch' | 'doubtsAfter'>
  bus: Bus
  clock: Clock
  log: Log
  /** Somebody would notice: sockets stand open. */
  isAwaited(): boolean
  heard(doubt: Doubt): void
  /** Too much has passed by: nothing that is held can be believed. */
  lost(): void
}): Promise<DoubtWatch> {
  const { store, bus, clock, log } = parts
  let seq = await store.epoch()
  let checkedMs = clock.monotonicMs()
  let askedMs = checkedMs
  let running: Promise<void> | undefined
  let next: { cancel(): void } | undefined
  let isClosed = false

  const read = async () => {
    const startedMs = clock.monotonicMs()
    const newest = await store.epoch()
    while (seq < newest) {
      const rows = await store.doubtsAfter(seq, pageSize)
      // Rows are swept after a day: a process that slept longer must forget everything.
      if (rows[0]?.seq !== seq + 1) {
        parts.lost()
        seq = newest
        break
      }
      for (const row of rows) {
        parts.heard({ accountId: row.account_id, sessionId: row.session_id, keptId: row.kept_id, ended: row.ended === 1 })
        seq = row.seq
      }
    }
    checkedMs = startedMs
  }

  const check = () => {
    running ??= read().finally(() => {
      running = undefined
      plan()
    })
    return running
  }

  const plan = () => {
    next?.cancel()
    if (isClosed || (clock.monotonicMs() - askedMs > trustMs && !parts.isAwaited())) return
    next = clock.after(againMs, () => {
      check().catch((cause: unknown) => log.warn('session.watch_failed', { cause }))
    })
  }

  const subscription = await bus.subscribe(
    doubtTopic,
    (message) => {
      const doubt = parseDoubt(message)
      if (doubt) parts.heard(doubt)
    },
    () => {
      checkedMs = Number.NEGATIVE_INFINITY
    },
  )

  return {
    isFresh() {
      askedMs = clock.monotonicMs()
      return askedMs - checkedMs < trustMs
    },
    async check() {
      askedMs = clock.monotonicMs()
      try {
        await check()
        return undefined
      } catch (cause) {
        log.warn('session.watch_failed', { cause })
        return new Problem('unavailable', 'session.cannot_check', { cause, retryAfterMs: 1000 })
      }
    },
    async tell(doubt) {
      await bus.publish(doubtTopic, { ...doubt })
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      next?.cancel()
      await subscription.end()
      await running?.catch(() => undefined)
    },
  }
}

function parseDoubt(message: Json): Doubt | undefined {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined
  const { accountId, sessionId, keptId, ended } = message
  if (typeof accountId !== 'string') return undefined
  const idOf = (value: Json | undefined) => (typeof value === 'string' ? value : null)
  return { accountId, sessionId: idOf(sessionId), keptId: idOf(keptId), ended: ended === true }
}
