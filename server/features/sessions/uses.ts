import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { Held } from './held.ts'
import type { SessionStore, Use } from './store.ts'

const gatherMs = 5000
const most = 500

export interface Uses extends AsyncDisposable {
  /** The session was used: its end slides at once here, and soon in the database. */
  note(held: Held, use: { nowMs: number; address: string; lifeMs: number }): void
  flush(): Promise<void>
}

/** A use is no write: a session is written at most once a minute, and all that fell due together in one commit. */
export function gatherUses(parts: { store: Pick<SessionStore, 'writeUses'>; clock: Clock; log: Log }): Uses {
  const { store, clock, log } = parts
  const due = new Map<string, Use>()
  let timer: { cancel(): void } | undefined
  let writing = Promise.resolve()

  const write = async () => {
    timer?.cancel()
    timer = undefined
    while (due.size > 0) {
      const batch = [...due.values()].slice(0, most)
      for (const { sessionId } of batch) due.delete(sessionId)
      await store.writeUses(batch).catch((cause: unknown) => log.warn('session.uses_unwritten', { cause, count: batch.length }))
    }
  }
  const flush = () => {
    writing = writing.then(write)
    return writing
  }

  return {
    note(held, { nowMs, address, lifeMs }) {
      const slackMs = Math.min(60_000, lifeMs / 10)
      if (nowMs - held.usedMs < slackMs && held.address === address) return
      held.usedMs = nowMs
      held.address = address
      held.expiresMs = Math.min(nowMs + lifeMs, held.endsMs)
      const { sessionId, accountId, usedMs, expiresMs } = held
      due.set(sessionId, { sessionId, accountId, usedMs, expiresMs, address })
      timer ??= clock.after(gatherMs, () => void flush())
    },
    flush,
    [Symbol.asyncDispose]: flush,
  }
}
