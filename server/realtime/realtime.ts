import type { ServerResponse } from 'node:http'
import { newId } from '#server/lib/id.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PresenceKeeper } from '#server/ports/live.ts'
import { liveWords } from '#server/ports/live-words.ts'
import type { Log } from '#server/ports/log.ts'
import { Admission } from './admission.ts'
import { areas } from '#shared/messages/catalogue.ts'
import type { Areas } from './catalogue.ts'
import { type CatalogueDocument, describeCatalogue } from './describe.ts'
import type { SocketDoor } from './door.ts'
import { drain } from './drain.ts'
import type { EventLog } from './event-log.ts'
import { EventStreamLine } from './event-stream-line.ts'
import { type Guards, type Knock, parseSince } from './handshake.ts'
import { Hall, type HallLimits, senderOf } from './hall.ts'
import type { Sessions } from './sessions.ts'
import { createUpgrades } from './upgrades.ts'

export type RealtimeParts = {
  doors: readonly SocketDoor[]
  guards: Guards
  sessions: Sessions
  events: EventLog
  presence: PresenceKeeper
  bus: Bus
  clock: Clock
  log: Log
  limits?: Partial<HallLimits>
  /** Every message there is: the house's, unless told. */
  areas?: Areas
}

const defaultLimits: HallLimits = {
  beatMs: 20_000,
  recallMs: 3_600_000,
  deadMs: 45_000,
  // Timers fire up to two milliseconds late, and 20 is the promise.
  gatherMs: 18,
  replayAtMost: 1_000,
  linesPerPerson: 32,
  linesPerAddress: 64,
}

export interface Realtime extends AsyncDisposable {
  /** What the HTTP server does with whoever wants a WebSocket. */
  onUpgrade(knock: Knock): void
  /** Server-sent events in place of a WebSocket. Resolves when the stream stands; the answer then belongs to the realtime. */
  openStream(call: { viewer: Viewer; tab?: string; since?: string; response: ServerResponse }): Promise<void>
  /** What the client of a stream says, to whichever process holds it. False: that stream is gone. */
  post(call: { viewer: Viewer; connection: string; texts: readonly string[] }): Promise<boolean>
  readonly catalogue: CatalogueDocument
  figures(): Record<string, number>
  /** Refuses newcomers and sends everybody away with a hint when to come back. */
  drain(deadlineMs: number): Promise<void>
}

/** Everything between the network and the features' `sockets.ts`. */
export async function createRealtime(parts: RealtimeParts): Promise<Realtime> {
  const { bus, clock, log, guards } = parts
  const node = newId()
  const hall = new Hall({ areas, ...parts, node, limits: { ...defaultLimits, ...parts.limits } })
  const admission = new Admission({ clock })
  const subscriptions = await listen(hall, bus, node)
  const doubts = parts.sessions.onDoubt((doubt) => hall.guard.doubt(doubt))

  const checkRoom = (viewer: Viewer) => {
    if (!hall.hasRoomFor(viewer)) throw new Problem('limited', 'socket.too_many_lines', { retryAfterMs: 10_000 })
  }

  return {
    onUpgrade: createUpgrades({
      admission,
      guards,
      log,
      check: checkRoom,
      open: (line, admitted) => hall.open(line, admitted),
    }),
    async openStream({ viewer, tab, since, response }) {
      if (viewer.kind === 'stranger' && !guards.admitsStrangers) throw new Problem('unauthenticated', 'session.needed')
      await admission.pass(async () => {
        checkRoom(viewer)
        hall.open(new EventStreamLine(response, clock), { viewer, tab, since: parseSince(since) })
      })
    },
    async post({ viewer, connection, texts }) {
      const posted = { connection, sender: senderOf(viewer), texts }
      const [there = ''] = connection.split('.')
      if (there === node) return hall.posted(posted)
      await liveWords.inbox(there).publish(bus, posted)
      return true
    },
    catalogue: describeCatalogue(hall.catalogue),
    figures: () => ({
      lines: hall.people.size,
      persons: hall.people.persons,
      topics: hall.topics.size,
      waiting: admission.waiting,
      ...hall.figures,
      ...hall.topics.figures,
      ...hall.logs.figures,
      ...hall.inbox.figures,
    }),
    async drain(deadlineMs) {
      admission.close()
      await drain(hall.people, clock, deadlineMs)
    },
    async [Symbol.asyncDispose]() {
      admission.close()
      await drain(hall.people, clock, 0)
      hall.stop()
      doubts.end()
      await Promise.allSettled(subscriptions.map((subscription) => subscription.end()))
      await hall.topics.close()
    },
  }
}

function listen(hall: Hall, bus: Bus, node: string) {
  return Promise.all([
    liveWords.people.subscribe(bus, (told) => hall.told(told)),
    liveWords.rings.subscribe(
      bus,
      (accountIds) => hall.logs.ring(accountIds),
      () => hall.logs.catchUp(),
    ),
    liveWords.control.subscribe(bus, (control) => hall.controlled(control)),
    liveWords.inbox(node).subscribe(bus, (posted) => void hall.posted(posted)),
  ])
}
