import type { Duplex } from 'node:stream'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { createBusLive } from '#server/adapters/live/bus-live.ts'
import { openBusPresence } from '#server/adapters/live/bus-presence.ts'
import { appendEvent, type LoggedMessage } from '#server/database/append-event.ts'
import type { Database } from '#server/database/database.ts'
import { createEvents, type Events } from '#server/features/events/index.ts'
import type { HttpSettings } from '#server/http/settings.ts'
import { newId } from '#server/lib/id.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Stranger } from '#server/lib/viewer.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Live, Presence } from '#server/ports/live.ts'
import type { SocketDoor } from '#server/realtime/door.ts'
import type { HallLimits } from '#server/realtime/hall.ts'
import { createRealtime, type Realtime, type RealtimeParts } from '#server/realtime/realtime.ts'
import type { Doubt, Sessions } from '#server/realtime/sessions.ts'
import type { BodyOf } from '#shared/messages/message.ts'
import { type CapturedLine, createCapturedLog } from './captured-log.ts'
import { openTestHttp } from './http.ts'
import { openRows } from './rows.ts'

export type RealtimeProcess = AsyncDisposable & {
  readonly port: number
  readonly origin: string
  readonly realtime: Realtime
  readonly live: Live
  readonly presence: Presence
  /** False for whoever stands before it: nobody new is sent here. */
  isAlive: boolean
  /** As `kill -9` looks from outside: every line ends, nobody says goodbye, the bus is silent from here. */
  kill(): Promise<void>
}

export type RealtimeHouse = AsyncDisposable & {
  readonly db: Database
  readonly events: Events
  readonly processes: readonly RealtimeProcess[]
  readonly first: RealtimeProcess
  readonly lines: CapturedLine[]
  start(): Promise<RealtimeProcess>
  /** Writes an entry for these people and rings, from a process that lives. */
  tell<M extends LoggedMessage>(to: readonly string[], message: M, body: BodyOf<M>): Promise<void>
  readonly people: HousePeople
}

export type HouseOptions = {
  processes?: number
  /** One for each process; one in memory for all, unless told. */
  openBus?: () => Promise<Bus>
  db?: Database
  clock?: Clock
  doors?: readonly SocketDoor[]
  areas?: NonNullable<RealtimeParts['areas']>
  limits?: Partial<HallLimits>
  admitsStrangers?: boolean
  /** What a line costs is being measured: the house holds nothing of it, and cannot be killed. */
  isMeasured?: boolean
  settings?: Partial<HttpSettings>
}

/** Realtime processes within one test: each behind an HTTP server of its own, all on one database, with a bus between them. */
export async function openRealtimeHouse(options: HouseOptions = {}): Promise<RealtimeHouse> {
  await using opened = new AsyncDisposableStack()
  const db = options.db ?? opened.use(await openRows()).db
  const clock = options.clock ?? systemClock
  const log = createCapturedLog()
  const events = createEvents({ db: db.pick<'event' | 'event_head' | 'event_epoch' | 'socket_ticket'>(), clock })
  const people = new HousePeople()
  const shared = options.openBus ? undefined : createMemoryBus({ log })
  if (shared) opened.defer(() => shared.close())
  const processes: RealtimeProcess[] = []
  opened.defer(async () => {
    for (const process of processes) await process[Symbol.asyncDispose]()
  })

  const start = async () => {
    const bus = shared ?? (await options.openBus?.()) ?? createMemoryBus({ log })
    const process = await openProcess({ ...options, bus, ownsBus: !shared, clock, log, events, people })
    processes.push(process)
    return process
  }
  for (let n = 0; n < (options.processes ?? 1); n++) await start()
  const closing = opened.move()

  return {
    db,
    events,
    processes,
    people,
    lines: log.lines,
    start,
    get first() {
      const [first] = processes
      if (!first) throw new Error('There is no process.')
      return first
    },
    async tell(to, message, body) {
      await db.commit(appendEvent(db.dialect, { to, message, body, nowMs: clock.now() }))
      await processes.find(({ isAlive }) => isAlive)?.live.ring(to)
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

type ProcessParts = HouseOptions & {
  bus: Bus
  ownsBus: boolean
  clock: Clock
  log: ReturnType<typeof createCapturedLog>
  events: Events
  people: HousePeople
}

async function openProcess(parts: ProcessParts): Promise<RealtimeProcess> {
  const { bus, clock, log, events, people } = parts
  const presence = await openBusPresence({ bus, clock, node: newId() })
  const realtime = await createRealtime({
    doors: parts.doors ?? [],
    bus,
    clock,
    log,
    presence,
    events: events.log,
    sessions: people,
    ...(parts.areas ? { areas: parts.areas } : {}),
    ...(parts.limits ? { limits: parts.limits } : {}),
    guards: {
      async redeem(ticket, from) {
        const sessionId = await events.takeTicket(ticket)
        return sessionId === undefined ? undefined : people.recall(sessionId, { via: 'bearer', stranger: { kind: 'stranger', ...from } })
      },
      admitsStrangers: parts.admitsStrangers ?? false,
    },
  })
  const http = await openTestHttp([...events.doors.routes, ...events.doors.streamRoutes(realtime)], {
    authenticate: ({ token, ...from }) => people.show(token, from) ?? new Problem('unauthenticated', 'session.invalid'),
    settings: { maxConnectionsPerAddress: 20_000, maxUnprovenPerAddress: 20_000, requestsPerMinute: 1_000_000, ...parts.settings },
  })
  const sockets = new Set<Duplex>()
  http.onUpgrade((knock) => {
    const { socket } = knock
    if (!parts.isMeasured) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    realtime.onUpgrade(knock)
  })
  await http.listen()
  const port = http.address?.port ?? 0

  const kill = async () => {
    process.isAlive = false
    if (parts.ownsBus) await bus.close()
    for (const socket of sockets) socket.destroy()
    await realtime[Symbol.asyncDispose]()
    await presence.close()
    await http.close()
  }
  let killed: Promise<void> | undefined
  const end = () => (killed ??= kill())
  const process: RealtimeProcess = {
    port,
    origin: `http://127.0.0.1:${port}`,
    realtime,
    live: createBusLive({ bus }),
    presence,
    isAlive: true,
    kill: end,
    [Symbol.asyncDispose]: end,
  }
  return process
}

/** In these houses a name is all there is to a session: `Authorization: Bearer ann`, or the cookie `matinee=ann`; `ann.2` is Ann's second one. */
class HousePeople implements Sessions {
  readonly #doubters = new Set<(doubt: Doubt | 'everything') => void>()
  readonly #ended = new Set<string>()
  readonly #roles = new Map<string, Person['role']>()

  show(token: string, from: { via: 'cookie' | 'bearer'; stranger: Stranger }): Person | undefined {
    const [accountId = token] = token.split('.')
    const { address, language } = from.stranger
    const role = this.#roles.get(accountId) ?? 'member'
    if (token.startsWith('wrong') || this.#ended.has(token)) return undefined
    return { kind: 'person', accountId, username: accountId, role, sessionId: token, via: from.via, language, timeZone: 'UTC', address }
  }

  async recall(sessionId: string, from: { via: 'cookie' | 'bearer'; stranger: Stranger }): Promise<Person | undefined> {
    return this.show(sessionId, from)
  }

  onDoubt(doubter: (doubt: Doubt | 'everything') => void) {
    this.#doubters.add(doubter)
    return { end: () => void this.#doubters.delete(doubter) }
  }

  end(sessionId: string): void {
    this.#ended.add(sessionId)
    const [accountId = sessionId] = sessionId.split('.')
    this.doubt({ accountId, sessionId, keptId: null, ended: true })
  }

  endSilently(sessionId: string): void {
    this.#ended.add(sessionId)
  }

  promote(accountId: string, role: Person['role']): void {
    this.#roles.set(accountId, role)
    this.doubt({ accountId, sessionId: null, keptId: null, ended: false })
  }

  doubt(doubt: Doubt | 'everything'): void {
    for (const doubter of this.#doubters) doubter(doubt)
  }
}
