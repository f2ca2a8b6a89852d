import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '#server/ports/clock.ts'
import type { EventStore } from './store.ts'
import type { TicketStore } from './ticket-store.ts'

const ticketMs = 30_000
const keptMs = 30 * 24 * 3_600_000
const keptEntries = 5_000
const epochMs = 60_000

export type EventService = ReturnType<typeof createEventService>

export function createEventService(parts: { store: EventStore; tickets: TicketStore; clock: Clock }) {
  const { store, tickets, clock } = parts
  let epoch: { value: Promise<number>; atMs: number } | undefined

  return {
    /** The log of each person, as sockets read it. */
    log: {
      /** A restore happens while nobody is connected; a look a minute is one too many already. */
      epoch(): Promise<number> {
        const nowMs = clock.monotonicMs()
        if (!epoch || nowMs - epoch.atMs > epochMs) {
          const value = store.epoch()
          epoch = { value, atMs: nowMs }
          value.catch(() => (epoch = undefined))
        }
        return epoch.value
      },
      heads: store.heads,
      after: store.after,
    },

    /** One use, 30 seconds. Only its hash is kept. */
    async issueTicket(sessionId: string): Promise<{ ticket: string; expiresMs: number }> {
      const ticket = randomBytes(32).toString('base64url')
      const expiresMs = clock.now() + ticketMs
      await tickets.add({ hash: hashOf(ticket), sessionId, expiresMs })
      return { ticket, expiresMs }
    },

    /** The session that it was issued to. */
    takeTicket(ticket: string): Promise<string | undefined> {
      return tickets.take(hashOf(ticket), clock.now())
    },

    removeAllOf: (accountId: string): Promise<void> => store.forget(accountId),

    /** Logs end somewhere: after 30 days, and at 5,000 entries. Whoever has less loads anew. */
    async sweep(signal: AbortSignal): Promise<void> {
      await tickets.sweep(clock.now())
      while (!signal.aborted && (await store.sweepOld(clock.now() - keptMs)) > 0) continue
      for (let place: string | undefined = ''; place !== undefined && !signal.aborted; ) place = await store.sweepLong(keptEntries, place)
    },
  }
}

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url')
}
