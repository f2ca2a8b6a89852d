import { createCursor } from '#server/lib/cursor.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Live } from '#server/ports/live.ts'
import type { Mail } from '#server/ports/mail.ts'
import type { PageQuery } from '#shared/api/common.ts'
import {
  type ChangeNoticeChoiceBody,
  type NoticeChoices,
  type NoticeKind,
  noticeKinds,
  type NoticePage,
  type UnreadAnswer,
} from '#shared/api/notices.ts'
import type { Follows } from '../follows/index.ts'
import { writeNoticeLetter } from './letter.ts'
import { type PresentParts, presentNotices } from './present.ts'
import type { NoticeRow } from './store.ts'

export type NoticeParts = PresentParts & {
  follows: Pick<Follows, 'blockedBy' | 'isBlocking' | 'followers'>
  live: Pick<Live, 'ring'>
  mail: Pick<Mail, 'send' | 'canSend'>
  site: () => { name: string; url: string }
  clock: Clock
  newId: () => string
}

/** As it lies in the queue. */
export type Told = {
  kind: NoticeKind
  to: string[]
  origin: string
  group: string
  byId: string | null
  videoId: string | null
  commentId: string | null
  text: string
}

export type NoticeService = ReturnType<typeof createNoticeService>

const minute = 60_000
/** Who reads within this needs no letter. */
const mailAfterMs = 10 * minute
/** A letter an hour at most. */
const mailEveryMs = 60 * minute
const keptMs = 180 * 24 * 60 * minute
const batch = 500
/** What may mean that somebody else has come in is said where they would not see it. */
const mailedUnasked: ReadonlySet<NoticeKind> = new Set(['new_device'])
const cursor = createCursor('notices', ['text'])

const own = (viewer: Viewer): Person => {
  if (viewer.kind === 'stranger') throw new Problem('unauthenticated', 'session.needed')
  return viewer
}

export function createNoticeService(parts: NoticeParts) {
  const { store, follows, live, mail, clock, newId } = parts

  /** As it stands now; what is gone is cleared away on the way. */
  async function present(viewer: Person, rows: readonly NoticeRow[]) {
    const { items, gone } = await presentNotices(parts, viewer, rows)
    await store.remove(viewer.accountId, gone)
    return items
  }

  const unreadOf = async (viewer: Person): Promise<number> => (await present(viewer, await store.unread(viewer.accountId))).length

  async function choicesOf(accountIds: readonly string[]) {
    const chosen = new Map((await store.choices(accountIds)).map((row) => [`${row.account_id} ${row.kind}`, row]))
    return (accountId: string, kind: NoticeKind) => {
      const row = chosen.get(`${accountId} ${kind}`)
      return { inApp: row?.in_app !== 0, byMail: row ? row.by_mail === 1 && row.in_app === 1 : mailedUnasked.has(kind) }
    }
  }

  return {
    /** Nobody hears of themselves, of whom they blocked, or of what they did not want. May be told twice. */
    async tell({ kind, to, origin, group, byId, videoId, commentId, text }: Told): Promise<void> {
      const choiceOf = await choicesOf(to)
      const nowMs = clock.now()
      const reached: string[] = []
      for (const accountId of to) {
        const { inApp, byMail } = choiceOf(accountId, kind)
        if (!inApp || accountId === byId) continue
        if (byId !== null && (await follows.isBlocking(accountId, byId))) continue
        const telling = { account_id: accountId, kind, group_key: group, video_id: videoId, comment_id: commentId, text, origin, byId }
        const mailAtMs = byMail && mail.canSend ? nowMs + mailAfterMs : undefined
        if (await store.tell(telling, { id: newId(), nowMs, mailAtMs })) reached.push(accountId)
      }
      if (reached.length > 0) await live.ring(reached)
    },

    async list(viewer: Viewer, { cursor: from, limit = 30 }: PageQuery): Promise<NoticePage> {
      const self = own(viewer)
      const { items, next } = await store.list(self.accountId, cursor.read(from), limit)
      const shown = await present(self, items)
      return { items: shown, nextCursor: next ? cursor.write([String(next[0])]) : null, unread: await unreadOf(self) }
    },

    unread: async (viewer: Viewer): Promise<UnreadAnswer> => ({ unread: await unreadOf(own(viewer)) }),

    /** Read marks only move forward: what is read stays read. */
    async read(viewer: Viewer, upTo: string): Promise<UnreadAnswer> {
      const { accountId, ...self } = own(viewer)
      const left = (await store.unread(accountId)).filter(({ id }) => id > upTo).length
      if (await store.read(accountId, upTo, left, clock.now())) await live.ring([accountId])
      return { unread: await unreadOf({ ...self, accountId }) }
    },

    async choices(viewer: Viewer): Promise<NoticeChoices> {
      const { accountId } = own(viewer)
      const [choiceOf, addressee] = await Promise.all([choicesOf([accountId]), store.addressee(accountId)])
      return {
        items: noticeKinds.map((kind) => ({ kind, ...choiceOf(accountId, kind) })),
        canMail: mail.canSend && addressee !== undefined && addressee.email !== null,
      }
    },

    async choose(viewer: Viewer, { kind, inApp, byMail }: ChangeNoticeChoiceBody): Promise<NoticeChoices> {
      const { accountId } = own(viewer)
      await store.choose({ account_id: accountId, kind, in_app: inApp ? 1 : 0, by_mail: inApp && byMail ? 1 : 0 })
      return this.choices(viewer)
    },

    /** One letter for all that was not read meanwhile. It may be sent twice, where a process dies between the letter and the mark. */
    async mail(accountId: string): Promise<void> {
      const to = await store.addressee(accountId)
      if (!to || to.email === null || !mail.canSend) return
      const nowMs = clock.now()
      const nextMs = (await store.lastMailMs(accountId)) + mailEveryMs
      if (nextMs > nowMs) return store.oweMail(accountId, nextMs)
      const choiceOf = await choicesOf([accountId])
      const rows = (await store.unread(accountId)).filter(
        (row) => row.mailed_ms === null && choiceOf(accountId, row.kind as NoticeKind).byMail,
      )
      if (rows.length === 0) return
      const counts = new Map<NoticeKind, number>()
      for (const { kind, count } of rows) counts.set(kind as NoticeKind, (counts.get(kind as NoticeKind) ?? 0) + count)
      const { name, url } = parts.site()
      await mail.send(writeNoticeLetter({ ...to, email: to.email }, counts, { siteName: name, link: `${url}/notices` }))
      const ids = rows.map(({ id }) => id)
      await store.mailed(ids, nowMs)
    },

    countOf: store.countOf,
    removeAllOf: store.removeAllOf,

    async sweep(signal: AbortSignal): Promise<void> {
      while (await store.sweep(clock.now() - keptMs, batch)) signal.throwIfAborted()
    },
  }
}
