import type { Database } from '#server/database/database.ts'
import type { Clock } from '#server/ports/clock.ts'
import { closedKind, eventJobs } from './jobs.ts'
import { catalogueRoutes, streamRoutes, ticketRoutes } from './routes.ts'
import { createEventService } from './service.ts'
import { createEventStore } from './store.ts'
import { createTicketStore } from './ticket-store.ts'

export type Events = ReturnType<typeof createEvents>

/** The log of each person, and the tickets for sockets. Entries are written by the stores of whoever has something to tell (`appendEvent`). */
export function createEvents(parts: { db: Database<'event' | 'event_head' | 'event_epoch' | 'socket_ticket'>; clock: Clock }) {
  const service = createEventService({
    store: createEventStore(parts.db.pick<'event' | 'event_head' | 'event_epoch'>()),
    tickets: createTicketStore(parts.db.pick<'socket_ticket'>()),
    clock: parts.clock,
  })
  return { ...service, closedKind, doors: { jobs: eventJobs(service), routes: ticketRoutes(service), streamRoutes, catalogueRoutes } }
}
