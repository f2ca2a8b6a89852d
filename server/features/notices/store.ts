import type { Transaction } from 'kysely'
import { appendEventIn } from '#server/database/append-event.ts'
import type { Database, Statement } from '#server/database/database.ts'
import { oweIn } from '#server/database/outbox.ts'
import { keyset, pageOf } from '#server/database/keyset.ts'
import { locked, upsert } from '#server/database/portable.ts'
import { appendEvent } from '#server/database/append-event.ts'
import type { Tables } from '#server/database/tables.ts'
import { noticed, read } from '#shared/messages/notices.ts'

type Names = 'notice' | 'notice_choice' | 'comment' | 'account' | 'event' | 'event_head'
type Trx = Transaction<Pick<Tables, Names>>

export type NoticeRow = Tables['notice']
export type NoticeStore = ReturnType<typeof createNoticeStore>
export type PersonRow = Pick<Tables['account'], 'id' | 'name' | 'display_name' | 'avatar'>

/** What goes to one person. */
export type Telling = Pick<NoticeRow, 'account_id' | 'kind' | 'group_key' | 'video_id' | 'comment_id' | 'text'> & {
  origin: string
  byId: string | null
}

/** So many a person keeps, and so many of those who did what is alike. */
const mostKept = 500
const mostNamed = 50
const mostUnread = 99

export const mailKind = 'notices.mail'

export function createNoticeStore(db: Database<Names>) {
  async function unreadIn(trx: Trx, accountId: string): Promise<number> {
    const rows = await trx
      .selectFrom('notice')
      .select('id')
      .where('account_id', '=', accountId)
      .where('is_read', '=', 0)
      .limit(mostUnread)
      .execute()
    return rows.length
  }

  /** The oldest go where there are too many. */
  async function bound(trx: Trx, accountId: string): Promise<void> {
    const all = trx.selectFrom('notice').select('id').where('account_id', '=', accountId)
    const beyond = await all.orderBy('id', 'desc').offset(mostKept).limit(1).executeTakeFirst()
    if (beyond) await trx.deleteFrom('notice').where('account_id', '=', accountId).where('id', '<=', beyond.id).execute()
  }

  const ofGroup = (trx: Trx, { account_id, group_key }: Telling) =>
    trx
      .selectFrom('notice')
      .selectAll()
      .where('account_id', '=', account_id)
      .where('group_key', '=', group_key)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()

  return {
    /** False: it was told before, or there is nobody. The row, the entry of the log and the letter that is owed: all or none. */
    tell: (telling: Telling, how: { id: string; nowMs: number; mailAtMs: number | undefined }): Promise<boolean> =>
      db.transaction(async (trx) => {
        const { origin, byId, ...values } = telling
        // One after the other for one person, or two would each begin a group.
        const own = trx.selectFrom('account').select('id').where('id', '=', values.account_id).where('state', '<>', 'closed')
        if (!(await locked(db.dialect, own).executeTakeFirst())) return false
        const last = await ofGroup(trx, telling)
        const origins = last ? (JSON.parse(last.origins) as string[]) : []
        if (origins.includes(origin)) return false
        const open = last?.is_read === 0 ? last : undefined
        const before = open ? (JSON.parse(open.by_ids) as string[]) : []
        const byIds = byId === null ? before : [byId, ...before.filter((id) => id !== byId)].slice(0, mostNamed)
        if (open) await trx.deleteFrom('notice').where('id', '=', open.id).execute()
        const row = { ...values, id: how.id, count: (open?.count ?? 0) + 1, is_read: 0, mailed_ms: open?.mailed_ms ?? null }
        const told = JSON.stringify([origin, ...origins].slice(0, mostNamed))
        await trx
          .insertInto('notice')
          .values({ ...row, by_ids: JSON.stringify(byIds), origins: told, created_ms: how.nowMs })
          .execute()
        await bound(trx, values.account_id)
        if (how.mailAtMs !== undefined) {
          const payload = { accountId: values.account_id }
          await oweIn(trx, { kind: mailKind, payload, key: values.account_id, notBeforeMs: how.mailAtMs })
        }
        const body = { id: how.id, kind: values.kind, unread: await unreadIn(trx, values.account_id) }
        await appendEventIn(trx, db.dialect, { to: [values.account_id], message: noticed, body, nowMs: how.nowMs })
        return true
      }),

    async list(accountId: string, after: readonly [string] | undefined, limit: number) {
      const all = db.primary.selectFrom('notice').selectAll().where('account_id', '=', accountId)
      return pageOf(await keyset(all, { by: [['id', 'desc']], after, limit }).execute(), limit, (row) => [row.id])
    },

    unread: (accountId: string): Promise<NoticeRow[]> =>
      db.primary
        .selectFrom('notice')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('is_read', '=', 0)
        .orderBy('id', 'desc')
        .limit(mostUnread)
        .execute(),

    /** Told to every device of this person. False: there was nothing unread up to there. */
    async read(accountId: string, upTo: string, left: number, nowMs: number): Promise<boolean> {
      const event = { to: [accountId], message: read, body: { upTo, unread: left }, nowMs }
      const own = db.build.updateTable('notice').set({ is_read: 1 }).where('account_id', '=', accountId)
      const [outcome] = await db.commit([own.where('is_read', '=', 0).where('id', '<=', upTo), ...appendEvent(db.dialect, event)])
      return (outcome?.rows ?? 0) > 0
    },

    async remove(accountId: string, ids: readonly string[]): Promise<void> {
      if (ids.length > 0) await db.commit([db.build.deleteFrom('notice').where('account_id', '=', accountId).where('id', 'in', ids)])
    },

    mailed: async (ids: readonly string[], nowMs: number): Promise<void> =>
      void (await db.commit([db.build.updateTable('notice').set({ mailed_ms: nowMs }).where('id', 'in', ids)])),

    /** When this person was written to last. */
    async lastMailMs(accountId: string): Promise<number> {
      const own = db.primary.selectFrom('notice').select((eb) => eb.fn.max('mailed_ms').as('last'))
      return Number((await own.where('account_id', '=', accountId).executeTakeFirst())?.last ?? 0)
    },

    oweMail: (accountId: string, notBeforeMs: number): Promise<void> =>
      db.transaction((trx) => oweIn(trx, { kind: mailKind, payload: { accountId }, key: accountId, notBeforeMs })),

    async choices(accountIds: readonly string[]): Promise<Tables['notice_choice'][]> {
      if (accountIds.length === 0) return []
      return db.primary.selectFrom('notice_choice').selectAll().where('account_id', 'in', accountIds).execute()
    },

    async choose(row: Tables['notice_choice']): Promise<void> {
      const insert = db.build.insertInto('notice_choice').values(row)
      await db.commit([upsert(db.dialect, insert, { key: ['account_id', 'kind'], take: ['in_app', 'by_mail'] })])
    },

    async people(ids: readonly string[]): Promise<Map<string, PersonRow>> {
      if (ids.length === 0) return new Map()
      const all = db.read.selectFrom('account').select(['id', 'name', 'display_name', 'avatar'])
      const rows = await all.where('id', 'in', ids).where('state', '<>', 'closed').execute()
      return new Map(rows.map((row) => [row.id, row]))
    },

    /** Whom a letter goes to. */
    addressee: (accountId: string) =>
      db.primary
        .selectFrom('account')
        .select(['id', 'name', 'email', 'language'])
        .where('id', '=', accountId)
        .where('state', '=', 'active')
        .executeTakeFirst(),

    async comments(ids: readonly string[]): Promise<Map<string, Pick<Tables['comment'], 'id' | 'text' | 'is_held'>>> {
      if (ids.length === 0) return new Map()
      const all = db.primary.selectFrom('comment').select(['id', 'text', 'is_held']).where('id', 'in', ids).where('deleted_ms', 'is', null)
      return new Map((await all.execute()).map((row) => [row.id, row]))
    },

    async countOf(accountId: string): Promise<number> {
      const all = db.primary.selectFrom('notice').select((eb) => eb.fn.countAll().as('count'))
      return Number((await all.where('account_id', '=', accountId).executeTakeFirst())?.count ?? 0)
    },

    async removeAllOf(accountId: string): Promise<void> {
      const of = <T extends 'notice' | 'notice_choice'>(table: T): Statement =>
        db.build.deleteFrom(table as 'notice').where('account_id', '=', accountId)
      await db.commit([of('notice'), of('notice_choice')])
    },

    /** Some that are old; false when nothing is left. */
    async sweep(beforeMs: number, limit: number): Promise<boolean> {
      const old = db.primary.selectFrom('notice').select('id').where('created_ms', '<', beforeMs).orderBy('created_ms').limit(limit)
      const ids = (await old.execute()).map(({ id }) => id)
      if (ids.length > 0) await db.commit([db.build.deleteFrom('notice').where('id', 'in', ids)])
      return ids.length === limit
    },
  }
}
