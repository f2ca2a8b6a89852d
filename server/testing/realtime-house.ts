import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryBus } from '#server/adapters/bus/memory-bus.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { openSqliteDatabase } from '#server/adapters/database/sqlite/sqlite-database.ts'
import { openSqliteMigrations } from '#server/adapters/database/sqlite/sqlite-migrations.ts'
import { appendEvent, type LoggedMessage } from '#server/database/append-event.ts'
import type { OpenDatabase } from '#server/database/database.ts'
import { migrations } from '#server/database/migrations/index.ts'
import { migrate } from '#server/database/migrations/migrate.ts'
import { createEvents, type Events } from '#server/features/events/index.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { SocketDoor } from '#server/realtime/door.ts'
import type { HallLimits } from '#server/realtime/hall.ts'
import { createRealtime, type Realtime, type RealtimeParts } from '#server/realtime/realtime.ts'
import type { BodyOf } from '#shared/messages/message.ts'
import { type CapturedLine, createCapturedLog } from './captured-log.ts'

export type RealtimeProcess = AsyncDisposable & {
  readonly port: number
  readonly origin: string
  readonly realtime: Realtime
  readonly http: Server
  /** As `kill -9` looks from outside: every line ends, nobody says goodbye, nothing is cleaned up elsewhere. */
  kill(): Promise<void>
}

export type RealtimeHouse = AsyncDisposable & {
  readonly db: OpenDatabase
  readonly events: Events
  readonly processes: readonly RealtimeProcess[]
  readonly lines: CapturedLine[]
  /** Sessions that have ended. */
  readonly ended: Set<string>
  start(): Promise<RealtimeProcess>
  /** Writes an entry for these people and rings, from the first process. */
  tell<M extends LoggedMessage>(to: readonly string[], message: M, body: BodyOf<M>): Promise<void>
}

type HouseOptions = {
  processes?: number
  /** One for each process; one in memory for all unless told. */
  openBus?: () => Promise<Bus>
  clock?: Clock
  doors?: readonly SocketDoor[]
  areas?: RealtimeParts['areas']
  limits?: Partial<HallLimits>
  admitsStrangers?: boolean
}

/** Realtime processes as lines of one test: each with its own HTTP server, all on one database, and a bus between them. */
export async function openRealtimeHouse(options: HouseOptions = {}): Promise<RealtimeHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-realtime-'))
  const path = join(folder, 'matinee.db')
  {
    using engine = openSqliteMigrations(path)
    await migrate(engine, { migrations })
  }
  const db = openSqliteDatabase({ path })
  const clock = options.clock ?? systemClock
  const log = createCapturedLog()
  const events = createEvents({ db: db.pick<'event' | 'event_head' | 'event_epoch' | 'socket_ticket'>(), clock })
  const ended = new Set<string>()
  const shared = options.openBus ? undefined : createMemoryBus({ log })
  const processes: RealtimeProcess[] = []

  const start = async () => {
    const bus = shared ?? (await options.openBus?.()) ?? createMemoryBus({ log })
    const opened = await openProcess({ ...options, bus, ownsBus: !shared, clock, log, events, ended })
    processes.push(opened)
    return opened
  }
  for (let n = 0; n < (options.processes ?? 1); n++) await start()

  return {
    db,
    events,
    processes,
    lines: log.lines,
    ended,
    start,
    async tell(to, message, body) {
      await db.commit(appendEvent(db.dialect, { to, message, body, nowMs: clock.now() }))
      await processes[0]?.realtime.live.ring(to)
    },
    async [Symbol.asyncDispose]() {
      for (const opened of processes) await opened[Symbol.asyncDispose]()
      await shared?.close()
      await db.close()
      rmSync(folder, { recursive: true })
    },
  }
}

type ProcessParts = HouseOptions & {
  bus: Bus
  ownsBus: boolean
  clock: Clock
  log: ReturnType<typeof createCapturedLog>
  events: Events
  ended: Set<string>
}

async function openProcess(parts: ProcessParts): Promise<RealtimeProcess> {
  const { bus, clock, log, events, ended } = parts
  const http = createServer((_, response) => response.writeHead(404).end())
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const realtime = await createRealtime({
    doors: parts.doors ?? [],
    ...(parts.areas ? { areas: parts.areas } : {}),
    bus,
    clock,
    log,
    events: events.log,
    ...(parts.limits ? { limits: parts.limits } : {}),
    sessions: { alive: async (ids) => new Set(ids.filter((id) => !ended.has(id))) },
    guards: {
      authenticate: async (request) => viewerOf(request, ended),
      async redeem(ticket) {
        const sessionId = await events.takeTicket(ticket)
        return sessionId === undefined || ended.has(sessionId) ? undefined : personOf(sessionId.replace('session-', ''), 'bearer')
      },
      isOurOrigin: (said) => said === origin,
      admitsStrangers: parts.admitsStrangers ?? false,
    },
  })
  http.on('upgrade', (request, socket, head) => realtime.onUpgrade(request, socket as Socket, head))
  const sockets = new Set<Socket>()
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  let isOpen = true
  const kill = async () => {
    if (!isOpen) return
    isOpen = false
    http.close()
    for (const socket of sockets) socket.destroy()
    await realtime[Symbol.asyncDispose]()
    if (parts.ownsBus) await bus.close()
  }
  return { port, origin, realtime, http, kill, [Symbol.asyncDispose]: kill }
}

/** In these houses a name is all there is to a session: `Authorization: Bearer ann`, or the cookie `matinee=ann`. */
function viewerOf({ headers }: IncomingMessage, ended: ReadonlySet<string>): Viewer {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  const cookie = /(?:^|; )matinee=([^;]+)/.exec(headers.cookie ?? '')?.[1]
  const name = bearer ?? cookie
  if (name === undefined) return { kind: 'stranger', language: 'en', address: '127.0.0.1' }
  if (name.startsWith('wrong') || ended.has(`session-${name}`)) throw new Problem('unauthenticated', 'session.invalid')
  return personOf(name, bearer === undefined ? 'cookie' : 'bearer')
}

/** `ann/2` is Ann in a second session. */
function personOf(name: string, via: 'cookie' | 'bearer'): Person {
  const [accountId = name] = name.split('/')
  return {
    kind: 'person',
    accountId,
    username: accountId,
    role: 'member',
    sessionId: `session-${name}`,
    via,
    language: 'en',
    timeZone: 'UTC',
    address: '127.0.0.1',
  } as Person
}
