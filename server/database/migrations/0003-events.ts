import { id, int, json, ms, text } from '../schema/column.ts'
import { createTable, run } from '../schema/step.ts'
import type { Migration } from './migration.ts'

export const migration: Migration = {
  name: '0003-events',
  steps: [
    createTable(
      'event',
      {
        account_id: id().about('whom it tells'),
        seq: int().about('1, 2, 3 … of this account, without a hole'),
        kind: text(64),
        body: json(),
        created_ms: ms(),
      },
      {
        primaryKey: ['account_id', 'seq'],
        indexes: [['created_ms', 'account_id', 'seq']],
        clustered: true,
        about:
          'The log of each person: what must reach every device, in order, after any break. Written with what it tells; swept when old.',
      },
    ),
    createTable(
      'event_head',
      { account_id: id(), last_seq: int() },
      {
        primaryKey: ['account_id'],
        clustered: true,
        about: 'The last number of each log. Whoever writes an entry holds this row until the commit.',
      },
    ),
    createTable(
      'event_epoch',
      { id: int().about('always 1'), epoch: int().about('seconds since 1970 when the numbers began') },
      {
        primaryKey: ['id'],
        about: 'Changes when the database is restored from a copy: numbers that were given out after the copy are given out again.',
      },
    ),
    run('begins the numbers of the logs', async (on) => {
      const [row] = await on.all('select epoch from event_epoch where id = 1')
      if (!row) await on.run('insert into event_epoch (id, epoch) values (1, ?)', [Math.floor(Date.now() / 1000)])
      return undefined
    }),
    createTable(
      'socket_ticket',
      { hash: text(43).about('SHA-256 of the ticket, base64url'), session_id: id(), expires_ms: ms() },
      {
        primaryKey: ['hash'],
        indexes: [['expires_ms']],
        about: 'Tickets for clients that cannot show a cookie or a header at a WebSocket. Each works once.',
      },
    ),
  ],
}
