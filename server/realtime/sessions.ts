import type { Person, Stranger } from '#server/lib/viewer.ts'
import type { Log } from '#server/ports/log.ts'
import type { Connection } from './connection.ts'
import type { People } from './people.ts'

/** What may have changed or ended: one session of an account, all, or all but one. */
export type Doubt = { accountId: string; sessionId: string | null; keptId: string | null; ended: boolean }

export type Sessions = {
  /** Within a second of the commit, on every process, with the bus or without. */
  onDoubt(doubter: (doubt: Doubt | 'everything') => void): { end(): void }
  /** The person as they are now. Undefined: the session is over. Counts as a use of it. */
  recall(sessionId: string, from: { via: 'cookie' | 'bearer'; stranger: Stranger }): Promise<Person | undefined>
}

const atOnce = 32

/** T19: a line lives no longer than the session that opened it, and speaks for its person as they are now. */
export class SessionGuard {
  readonly #sessions: Sessions
  readonly #people: People
  readonly #log: Log
  readonly #doubted = new Set<Connection>()
  #running = 0

  constructor(parts: { sessions: Sessions; people: People; log: Log }) {
    this.#sessions = parts.sessions
    this.#people = parts.people
    this.#log = parts.log
  }

  doubt(doubt: Doubt | 'everything'): void {
    if (doubt === 'everything') return this.recall(this.#people.all())
    const meant = this.#people.of(doubt.accountId).filter(({ viewer }) => isMeant(doubt, viewer as Person))
    if (!doubt.ended) return this.recall(meant)
    for (const connection of meant) connection.close(4001)
  }

  /** A few at a time: there may be many. */
  recall(connections: Iterable<Connection>): void {
    for (const connection of connections) if (connection.viewer.kind === 'person') this.#doubted.add(connection)
    while (this.#running < atOnce && this.#doubted.size > 0) void this.#run()
  }

  async #run(): Promise<void> {
    this.#running++
    for (const connection of this.#doubted) {
      this.#doubted.delete(connection)
      await this.#recallOne(connection)
    }
    this.#running--
  }

  async #recallOne(connection: Connection): Promise<void> {
    const { viewer } = connection
    if (viewer.kind !== 'person' || connection.isGone) return
    const { sessionId, via, language, address } = viewer
    try {
      const now = await this.#sessions.recall(sessionId, { via, stranger: { kind: 'stranger', language, address } })
      if (now) connection.viewer = now
      else connection.close(4001)
    } catch (error) {
      // Nobody may go on with rights that cannot be looked up; coming back asks again.
      this.#log.warn('realtime.session_unread', { error })
      connection.close(1011, 1_000 + Math.random() * 4_000)
    }
  }
}

function isMeant({ sessionId, keptId }: Doubt, person: Person): boolean {
  return sessionId === null ? person.sessionId !== keptId : person.sessionId === sessionId
}
