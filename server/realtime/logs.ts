import { toMessageText } from '#server/lib/message-text.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { heads, reset, welcome } from '#shared/messages/socket.ts'
import type { Connection } from './connection.ts'
import { continuationOf, type EventLog, type LogEntry, type Since } from './event-log.ts'
import { HeadLoader } from './head-loader.ts'
import { Payload } from './payload.ts'
import type { People } from './people.ts'

const pageSize = 200
const batchBytes = 32_768
const retryMs = 1_000

type Reading = { isAsked: boolean }

/**
 * Keeps every line at the end of its person's log. A ring, a drained line and the regular look at the newest numbers all mean the same: read on from
 * where the line stands. One reading of a person at a time; what is rung meanwhile is read in the same go.
 */
export class Logs {
  readonly #log: EventLog
  readonly #people: People
  readonly #clock: Clock
  readonly #report: Log
  readonly #replayAtMost: number
  readonly #idOf: (connection: Connection) => string
  readonly #heads: HeadLoader
  readonly #readings = new Map<string, Reading>()
  readonly figures = { logEntries: 0, logReads: 0, resets: 0 }

  constructor(parts: {
    log: EventLog
    people: People
    clock: Clock
    report: Log
    replayAtMost: number
    idOf: (connection: Connection) => string
  }) {
    this.#log = parts.log
    this.#people = parts.people
    this.#clock = parts.clock
    this.#report = parts.report
    this.#replayAtMost = parts.replayAtMost
    this.#idOf = parts.idOf
    this.#heads = new HeadLoader(parts.log)
  }

  /** The first word to a new line, and everything it has missed. */
  async follow(connection: Connection, since: Since | undefined): Promise<void> {
    const { accountId } = connection
    const [epoch, head] = await Promise.all([this.#log.epoch(), accountId === undefined ? 0 : this.#heads.load(accountId)])
    if (connection.isGone) return
    const continuation = continuationOf(since, epoch, head, this.#replayAtMost)
    const resumed = continuation.how === 'resumed'
    connection.send(toMessageText(welcome, { connection: this.#idOf(connection), epoch, seq: head, resumed, now: this.#clock.now() }))
    this.#continue(connection, continuation.how === 'reset' ? continuation.why : undefined, since, epoch, head)
  }

  /** The client has seen a hole, or has been told of one. */
  async resume(connection: Connection, since: Since): Promise<void> {
    const { accountId } = connection
    if (accountId === undefined || connection.cursor < 0) return
    const [epoch, head] = await Promise.all([this.#log.epoch(), this.#heads.load(accountId)])
    const continuation = continuationOf(since, epoch, head, this.#replayAtMost)
    this.#continue(connection, continuation.how === 'reset' ? continuation.why : undefined, since, epoch, head)
  }

  #continue(
    connection: Connection,
    why: 'epoch' | 'too_far' | 'ahead' | undefined,
    since: Since | undefined,
    epoch: number,
    head: number,
  ): void {
    if (why !== undefined) this.#reset(connection, why, epoch, head)
    else connection.cursor = since?.seq ?? head
    if (connection.accountId !== undefined && (connection.cursor < head || connection.wasRung)) this.read(connection.accountId)
  }

  #reset(connection: Connection, why: 'epoch' | 'too_far' | 'ahead', epoch: number, head: number): void {
    this.figures.resets++
    connection.cursor = head
    connection.send(toMessageText(reset, { epoch, seq: head, why }))
  }

  /** Their logs may have grown. */
  ring(accountIds: readonly string[]): void {
    for (const accountId of accountIds) {
      const connections = this.#people.of(accountId)
      // Who is just being welcomed may have been told an older number.
      for (const connection of connections) if (connection.cursor < 0) connection.wasRung = true
      if (connections.length > 0) this.read(accountId)
    }
  }

  /** A line that could not take more can again. */
  drained(connection: Connection): void {
    if (!connection.isBehind || connection.accountId === undefined) return
    connection.isBehind = false
    this.read(connection.accountId)
  }

  /** Rings may have been lost: everybody's newest number is looked up, and who stands behind reads on. */
  catchUp(): void {
    for (const connection of this.#people.all()) {
      const { accountId } = connection
      if (accountId === undefined) continue
      this.#heads.load(accountId).then(
        (head) => head > connection.cursor && this.ring([accountId]),
        (error) => this.#report.warn('realtime.log_unread', { accountId, error }),
      )
    }
  }

  /** Says the newest number to these lines, each with a question for a sign of life, and reads on where one stands behind. */
  async beat(connections: readonly Connection[]): Promise<void> {
    const epoch = await this.#log.epoch()
    await Promise.all(connections.map((connection) => this.#beatOne(connection, epoch)))
  }

  async #beatOne(connection: Connection, epoch: number): Promise<void> {
    const { accountId } = connection
    const known = Math.max(0, connection.cursor)
    // The beat goes out also when the database does not answer: the line lives.
    const head = accountId === undefined ? 0 : await this.#heads.load(accountId).catch(() => known)
    if (connection.cursor >= 0 && head > connection.cursor && accountId !== undefined) this.read(accountId)
    connection.line.beat(new Payload(toMessageText(heads, { epoch, seq: head })))
  }

  read(accountId: string): void {
    const reading = this.#readings.get(accountId)
    if (reading) {
      reading.isAsked = true
      return
    }
    void this.#readOn(accountId)
  }

  async #readOn(accountId: string): Promise<void> {
    const reading: Reading = { isAsked: true }
    this.#readings.set(accountId, reading)
    try {
      while (reading.isAsked) {
        reading.isAsked = false
        while (await this.#readPage(accountId)) continue
      }
    } catch (error) {
      this.#report.warn('realtime.log_unread', { accountId, error })
      this.#clock.after(retryMs, () => this.ring([accountId]))
    } finally {
      this.#readings.delete(accountId)
    }
  }

  /** True when there may be more. */
  async #readPage(accountId: string): Promise<boolean> {
    const start = this.#start(accountId)
    if (start === undefined) return false
    this.figures.logReads++
    const [entries, epoch] = await Promise.all([this.#log.after(accountId, start, pageSize), this.#log.epoch()])
    if (entries.length === 0) return false
    const payloads = new Map<number, { payload: Payload; end: number }>()
    for (const connection of this.#followers(accountId)) await this.#handOn(connection, accountId, epoch, start, entries, payloads)
    return entries.length === pageSize || this.#isBehind(accountId, entries)
  }

  #isBehind(accountId: string, entries: readonly LogEntry[]): boolean {
    const last = entries.at(-1)?.seq ?? 0
    return this.#followers(accountId).some(({ cursor }) => cursor < last)
  }

  #followers(accountId: string): Connection[] {
    return this.#people.of(accountId).filter((connection) => {
      // It asks again once it is drained.
      if (connection.isCongested) connection.isBehind = true
      return connection.cursor >= 0 && !connection.isCongested
    })
  }

  /** Where the last of those stands that can take more. */
  #start(accountId: string): number | undefined {
    const cursors = this.#followers(accountId).map(({ cursor }) => cursor)
    return cursors.length === 0 ? undefined : Math.min(...cursors)
  }

  async #handOn(
    connection: Connection,
    accountId: string,
    epoch: number,
    start: number,
    entries: readonly LogEntry[],
    payloads: Map<number, { payload: Payload; end: number }>,
  ): Promise<void> {
    const last = entries.at(-1)
    const first = entries.find(({ seq }) => seq > connection.cursor)
    if (!last || !first || connection.cursor < start) return
    // Swept: what is missing cannot be told any more.
    if (first.seq !== connection.cursor + 1) return this.#reset(connection, 'too_far', epoch, await this.#heads.load(accountId))
    while (connection.cursor < last.seq && !connection.isCongested) {
      const next = batchAfter(connection.cursor, entries, epoch, payloads)
      connection.hand(next.payload)
      this.figures.logEntries += next.end - connection.cursor
      connection.cursor = next.end
    }
  }
}

/** Lines that stand at the same place share the frame. */
function batchAfter(
  cursor: number,
  entries: readonly LogEntry[],
  epoch: number,
  payloads: Map<number, { payload: Payload; end: number }>,
): { payload: Payload; end: number } {
  const known = payloads.get(cursor)
  if (known) return known
  const texts: string[] = []
  let bytes = 0
  let end = cursor
  for (const { seq, text } of entries) {
    if (seq <= cursor) continue
    if (texts.length > 0 && bytes + text.length > batchBytes) break
    texts.push(text)
    bytes += text.length
    end = seq
  }
  const made = { payload: Payload.of(texts, `${epoch}:${end}`), end }
  payloads.set(cursor, made)
  return made
}
