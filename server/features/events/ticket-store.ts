import type { Database } from '#server/database/database.ts'

export type TicketStore = ReturnType<typeof createTicketStore>

export function createTicketStore(db: Database<'socket_ticket'>) {
  return {
    async add(ticket: { hash: string; sessionId: string; expiresMs: number }): Promise<void> {
      const { hash, sessionId, expiresMs } = ticket
      await db.commit([db.build.insertInto('socket_ticket').values({ hash, session_id: sessionId, expires_ms: expiresMs })])
    },

    /** Whose it was, to the one who takes it first. */
    async take(hash: string, nowMs: number): Promise<string | undefined> {
      const row = await db.primary.selectFrom('socket_ticket').selectAll().where('hash', '=', hash).executeTakeFirst()
      if (!row) return undefined
      const [outcome] = await db.commit([db.build.deleteFrom('socket_ticket').where('hash', '=', hash)])
      return outcome?.rows === 1 && row.expires_ms > nowMs ? row.session_id : undefined
    },

    async sweep(nowMs: number): Promise<void> {
      await db.commit([db.build.deleteFrom('socket_ticket').where('expires_ms', '<', nowMs)])
    },
  }
}
