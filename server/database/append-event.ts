import { type Compilable, CompiledQuery, type Transaction } from 'kysely'
import { toBodyText } from '#server/lib/message-text.ts'
import type { BodyOf, ServerMessage } from '#shared/messages/message.ts'
import type { Statement } from './database.ts'
import type { Dialect, DialectName } from './dialect.ts'

/** What a person has to learn on every device, after any break. */
export type Event<M extends LoggedMessage> = { to: readonly string[]; message: M; body: BodyOf<M>; nowMs: number }
export type LoggedMessage = ServerMessage<string, ServerMessage['body'], 'logged'>

const longestBytes = 16_384

// The number is dealt under a lock on the head's row that lasts until the commit: the next one waits, hence numbers appear in their order and
// without a hole. An upsert locks to write at once; a read before it would let two wait for each other.
const deal: Record<DialectName, string> = {
  sqlite: 'insert into event_head (account_id, last_seq) values (?, 1) on conflict (account_id) do update set last_seq = last_seq + 1',
  mysql: 'insert into event_head (account_id, last_seq) values (?, 1) on duplicate key update last_seq = last_seq + 1',
}
const write =
  'insert into event (account_id, seq, kind, body, created_ms) select account_id, last_seq, ?, ?, ? from event_head where account_id = ?'

/**
 * The statements that add one entry to each of these persons' logs, for `db.commit`: all or none with what they tell. After the commit `live.ring(to)`
 * wakes their devices.
 */
export function appendEvent<M extends LoggedMessage>(dialect: Dialect, event: Event<M>): Statement[] {
  const { message, body, nowMs } = event
  const text = toBodyText(message, body)
  if (Buffer.byteLength(text) > longestBytes) throw new RangeError(`${message.kind} is too long for a log: send a pointer.`)
  // In one order, or two that write to the same people would wait for each other.
  return [...new Set(event.to)]
    .sort()
    .flatMap((accountId) => [raw(deal[dialect.name], [accountId]), { query: raw(write, [message.kind, text, nowMs, accountId]), rows: 1 }])
}

/** The same in a transaction. Late in it: the heads stay locked until it ends. */
export async function appendEventIn<M extends LoggedMessage>(
  trx: Pick<Transaction<never>, 'executeQuery'>,
  dialect: Dialect,
  event: Event<M>,
): Promise<void> {
  for (const statement of appendEvent(dialect, event))
    await trx.executeQuery(('query' in statement ? statement.query : statement).compile())
}

/** The logs of a closed account. */
export function forgetEvents(accountId: string): Compilable[] {
  return [raw('delete from event where account_id = ?', [accountId]), raw('delete from event_head where account_id = ?', [accountId])]
}

/** To be run on a database that was restored from a copy, before anybody connects: every client then loads anew. */
export function renewEpoch(nowMs: number): Compilable {
  const seconds = Math.floor(nowMs / 1000)
  return raw('update event_epoch set epoch = case when epoch < ? then ? else epoch + 1 end where id = 1', [seconds, seconds])
}

function raw(sql: string, parameters: unknown[]): Compilable {
  return { compile: () => CompiledQuery.raw(sql, parameters) }
}
