import type { Log } from '#server/ports/log.ts'
import type { SessionEnded } from './bus-topics.ts'
import type { Connection } from './connection.ts'
import type { People } from './people.ts'

export type Sessions = {
  /** Which of these sessions are still good. Always the newest state. */
  alive(sessionIds: readonly string[]): Promise<ReadonlySet<string>>
}

const atOnce = 500

/** T19: a line lives no longer than the session that opened it. */
export class SessionGuard {
  readonly #sessions: Sessions
  readonly #people: People
  readonly #log: Log

  constructor(parts: { sessions: Sessions; people: People; log: Log }) {
    this.#sessions = parts.sessions
    this.#people = parts.people
    this.#log = parts.log
  }

  ended(word: SessionEnded): void {
    const those = 'accountId' in word ? this.#people.of(word.accountId) : this.#people.all()
    for (const connection of [...those]) if ('accountId' in word || sessionOf(connection) === word.sessionId) connection.close(4001)
  }

  /** Words may have been lost: the rows are asked. */
  async check(connections: Iterable<Connection>): Promise<void> {
    const bySession = Map.groupBy(connections, sessionOf)
    const ids = [...bySession.keys()].filter((id) => id !== undefined)
    for (let start = 0; start < ids.length; start += atOnce) {
      const some = ids.slice(start, start + atOnce)
      const alive = await this.#sessions.alive(some)
      const over = some.filter((id) => !alive.has(id)).flatMap((id) => bySession.get(id) ?? [])
      for (const connection of over) connection.close(4001)
    }
  }

  checkAll(): void {
    this.check(this.#people.all()).catch((error) => this.#log.warn('realtime.sessions_unread', { error }))
  }
}

function sessionOf({ viewer }: Connection): string | undefined {
  return viewer.kind === 'person' ? viewer.sessionId : undefined
}
