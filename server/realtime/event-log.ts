/** Where a client stands in its log. */
export type Since = { epoch: number; seq: number }

/** `text` is the message as it is sent, with its number. */
export type LogEntry = { seq: number; text: string }

/** The logs of persons, as sockets read them. Always the newest state, never a replica's. */
export interface EventLog {
  /** Changes only when the database is restored from a copy: numbers then mean something else. */
  epoch(): Promise<number>
  /** The newest number of each; who has no log yet is left out. */
  heads(accountIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** In order, without holes; those that were swept are missing at the beginning. */
  after(accountId: string, seq: number, limit: number): Promise<LogEntry[]>
}

export type Continuation = { how: 'fresh' } | { how: 'resumed' } | { how: 'reset'; why: 'epoch' | 'too_far' | 'ahead' }

/** How a client goes on that has what it says. Beyond `replayAtMost` loading anew is cheaper than reading on. */
export function continuationOf(since: Since | undefined, epoch: number, head: number, replayAtMost: number): Continuation {
  if (!since) return { how: 'fresh' }
  if (since.epoch !== epoch) return { how: 'reset', why: 'epoch' }
  if (since.seq > head) return { how: 'reset', why: 'ahead' }
  if (head - since.seq > replayAtMost) return { how: 'reset', why: 'too_far' }
  return { how: 'resumed' }
}
