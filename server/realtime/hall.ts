import type { Viewer } from '#server/lib/viewer.ts'
import type { Bus } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PresenceKeeper } from '#server/ports/live.ts'
import { type Control, liveWords, type Posted, type Told } from '#server/ports/live-words.ts'
import type { Log } from '#server/ports/log.ts'
import { type Areas, type Catalogue, createCatalogue } from './catalogue.ts'
import { Connection, type Hub } from './connection.ts'
import type { SocketDoor } from './door.ts'
import type { EventLog } from './event-log.ts'
import type { Admitted } from './handshake.ts'
import { Inbox } from './inbox.ts'
import type { Line, LineOwner } from './line.ts'
import { Logs } from './logs.ts'
import { People } from './people.ts'
import { Pulse, type PulseTimes } from './pulse.ts'
import { SessionGuard, type Sessions } from './sessions.ts'
import { socketDoor } from './socket-door.ts'
import { TopicPresence } from './topic-presence.ts'
import { Topics } from './topics.ts'

/** `recallMs`: how often a session is looked at without a reason, because it may have expired. */
export type HallLimits = PulseTimes & {
  recallMs: number
  gatherMs: number
  replayAtMost: number
  linesPerPerson: number
  linesPerAddress: number
}

export type HallParts = {
  node: string
  doors: readonly SocketDoor[]
  areas: Areas
  bus: Bus
  clock: Clock
  log: Log
  events: EventLog
  sessions: Sessions
  presence: PresenceKeeper
  limits: HallLimits
}

/** The lines of this process and all that happens to one between its first and its last moment. */
export class Hall implements Hub {
  readonly people = new People()
  readonly catalogue: Catalogue
  readonly topics: Topics
  readonly logs: Logs
  readonly inbox: Inbox
  readonly guard: SessionGuard
  readonly figures = { opened: 0, closedSlow: 0, closedDead: 0, closedOver: 0 }
  readonly #parts: HallParts
  readonly #pulse: Pulse
  readonly #strangers = new Map<string, number>()
  #number = 0

  constructor(parts: HallParts) {
    const { bus, clock, log, limits } = parts
    this.#parts = parts
    const idOf = (connection: Connection) => `${parts.node}.${connection.number.toString(36)}`
    const own = socketDoor({ topics: () => this.topics, logs: () => this.logs, clock, connectionOf: (id) => this.connectionOf(id) })
    this.catalogue = createCatalogue([own, ...parts.doors], parts.areas)
    const watcher = new TopicPresence({ keeper: parts.presence, clock })
    this.topics = new Topics({ bus, clock, policies: this.catalogue.policies, gatherMs: limits.gatherMs, watcher, idOf })
    watcher.attach(this.topics)
    this.logs = new Logs({ log: parts.events, people: this.people, clock, report: log, replayAtMost: limits.replayAtMost, idOf })
    this.inbox = new Inbox({ catalogue: this.catalogue, log, nowMs: () => this.nowMs(), idOf })
    this.guard = new SessionGuard({ sessions: parts.sessions, people: this.people, log })
    this.#pulse = new Pulse({ clock, times: limits, beat: (due) => this.#beat(due), dead: (connection) => this.#dead(connection) })
  }

  nowMs(): number {
    return Math.floor(this.#parts.clock.monotonicMs())
  }

  connectionOf(id: string): Connection | undefined {
    const [node, number = ''] = id.split('.')
    return node === this.#parts.node ? this.people.byNumber(Number.parseInt(number, 36)) : undefined
  }

  open(line: Line & { open(owner: LineOwner, clock: Clock): void }, { viewer, tab, since }: Admitted): void {
    const connection = new Connection({ hub: this, line, viewer, tab, number: ++this.#number })
    this.figures.opened++
    this.people.add(connection)
    if (viewer.kind === 'person') this.#welcomePerson(connection, viewer.accountId)
    else this.#countStranger(viewer.address, 1)
    this.#pulse.add(connection)
    line.open(connection, this.#parts.clock)
    this.logs.follow(connection, since).catch((error) => {
      this.#parts.log.warn('realtime.log_unread', { error })
      connection.close(1011, this.soonMs())
    })
  }

  #welcomePerson(connection: Connection, accountId: string): void {
    this.#parts.presence.add(undefined, accountId)
    const { tab } = connection
    if (tab !== undefined) {
      const by = `${this.#parts.node}.${connection.number}`
      this.#replace({ do: 'replace', accountId, tab, by })
      void liveWords.control.publish(this.#parts.bus, { do: 'replace', accountId, tab, by })
    }
    const [oldest, ...others] = this.people.of(accountId)
    if (oldest && others.length >= this.#parts.limits.linesPerPerson) {
      this.figures.closedOver++
      oldest.close(4002)
    }
  }

  #countStranger(address: string, by: 1 | -1): void {
    const count = (this.#strangers.get(address) ?? 0) + by
    if (count > 0) this.#strangers.set(address, count)
    else this.#strangers.delete(address)
  }

  /** People behind one address are many; those who are not signed in have to share. */
  hasRoomFor(viewer: Viewer): boolean {
    return viewer.kind === 'person' || (this.#strangers.get(viewer.address) ?? 0) < this.#parts.limits.linesPerAddress
  }

  /** One WebSocket a tab: a newer one ends what is left of the older, wherever that is. */
  #replace({ accountId, tab, by }: Extract<Control, { do: 'replace' }>): void {
    for (const other of this.people.of(accountId)) {
      if (other.tab === tab && `${this.#parts.node}.${other.number}` !== by) other.close(4009)
    }
  }

  told({ to, text, key, except }: Told): void {
    const excepted = except === undefined ? undefined : this.connectionOf(except)
    for (const accountId of to) {
      for (const connection of this.people.of(accountId)) {
        if (connection === excepted) continue
        if (key === undefined) connection.send(text)
        else connection.sendLatest(key, text)
      }
    }
  }

  controlled(control: Control): void {
    if (control.do === 'evict') this.topics.evict(control.topic, control.accountId)
    else this.#replace(control)
  }

  /** False: no such line, or not of this sender. */
  posted({ connection: id, sender, texts }: Posted): boolean {
    const connection = this.connectionOf(id)
    if (!connection || senderOf(connection.viewer) !== sender) return false
    for (const text of texts) connection.heard(text)
    return true
  }

  #beat(due: readonly Connection[]): void {
    this.logs.beat(due).catch((error) => this.#parts.log.warn('realtime.log_unread', { error }))
    const longAgoMs = this.nowMs() - this.#parts.limits.recallMs
    const old = due.filter(({ recalledMs }) => recalledMs < longAgoMs)
    for (const connection of old) connection.recalledMs = this.nowMs()
    this.guard.recall(old)
  }

  #dead(connection: Connection): void {
    this.figures.closedDead++
    connection.line.cut()
  }

  heard(connection: Connection, text: string): void {
    this.inbox.heard(connection, text)
  }

  allowsSign(connection: Connection): boolean {
    return this.inbox.allowsSign(connection)
  }

  drained(connection: Connection): void {
    this.logs.drained(connection)
  }

  tooSlow(connection: Connection): void {
    this.figures.closedSlow++
    connection.close(1013, this.soonMs())
  }

  gone(connection: Connection): void {
    this.topics.leaveAll(connection)
    this.people.remove(connection)
    if (connection.viewer.kind === 'person') this.#parts.presence.remove(undefined, connection.viewer.accountId)
    else this.#countStranger(connection.viewer.address, -1)
  }

  /** Not all at the same moment. */
  soonMs(): number {
    return Math.random() * 2_000
  }

  stop(): void {
    this.#pulse.stop()
  }
}

/** Who may speak for a line by POST. */
export function senderOf(viewer: Viewer): string {
  return viewer.kind === 'person' ? `session:${viewer.sessionId}` : `address:${viewer.address}`
}
