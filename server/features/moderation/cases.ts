import { createCursor } from '#server/lib/cursor.ts'
import { demand } from '#server/lib/may.ts'
import { toParagraphs } from '#server/lib/plain-text.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { CasePage, CasesQuery, DecideBody, ReportCase } from '#shared/api/moderation.ts'
import { decidedAlready, noSuchCase, notLoggedIn, personStays } from './errors.ts'
import type { ModerationParts } from './parts.ts'
import type { CaseRow } from './store.ts'

const cursor = createCursor('cases', ['whole', 'text'])
const moment = (ms: number) => new Date(ms).toISOString()

export function createCases(parts: ModerationParts) {
  const { store, audit, videos, comments, danmaku, notices, toCard, clock } = parts

  async function present(rows: readonly CaseRow[]): Promise<ReportCase[]> {
    const reports = await store.reports(rows.map(({ id }) => id))
    const ids = rows.flatMap((row) => [row.author_id, row.decided_by, ...(reports.get(row.id) ?? []).map((one) => one.reporter_id)])
    const [people, texts, titles] = await Promise.all([
      store.people(ids.filter((id) => id !== null)),
      store.texts(rows),
      store.titles(rows.flatMap(({ video_id }) => video_id ?? [])),
    ])
    const cardOf = (id: string | null): PersonCard | null => {
      const row = id === null ? undefined : people.get(id)
      return row ? toCard(row) : null
    }
    return rows.map((row) => {
      const by = cardOf(row.author_id)
      return {
        id: row.id,
        thing: row.thing,
        thingId: row.thing_id,
        videoId: row.video_id,
        videoTitle: row.video_id === null ? '' : (titles.get(row.video_id) ?? ''),
        text: row.thing === 'person' ? (by?.displayName ?? null) : (texts.get(`${row.thing} ${row.thing_id}`) ?? null),
        by,
        reports: (reports.get(row.id) ?? []).map(({ reason, note, reporter_id, created_ms }) => ({
          reason: reason as ReportCase['reports'][number]['reason'],
          note,
          reporter: cardOf(reporter_id),
          createdAt: moment(created_ms),
        })),
        count: row.count,
        state: row.state,
        decision:
          row.decision === null
            ? null
            : { what: row.decision, why: row.why, by: cardOf(row.decided_by), at: moment(row.decided_ms ?? row.created_ms) },
        createdAt: moment(row.created_ms),
      }
    })
  }

  async function get(viewer: Viewer, id: string): Promise<CaseRow> {
    demand(viewer, 'moderation.see')
    const row = await store.find(id)
    if (!row) throw noSuchCase()
    return row
  }

  /** Each may be done twice: a decision that was broken off is made again. */
  async function act({ thing, thing_id: id }: CaseRow, what: 'remove' | 'hide'): Promise<void> {
    switch (thing) {
      case 'person':
        throw personStays()
      case 'video':
        return what === 'remove' ? videos.moderating.takeAway(id) : void (await videos.moderating.hide(id, true))
      case 'danmaku':
        return what === 'remove' ? danmaku.takeAway(id) : danmaku.hide(id)
      case 'comment': {
        const row = await comments.findAny(id)
        if (row) await (what === 'remove' ? comments.takeAway(row) : comments.hide(row))
      }
    }
  }

  function owed(row: CaseRow, what: DecideBody['what'], why: string, viewer: Person) {
    if (row.author_id === null || (what !== 'remove' && what !== 'hide') || row.author_id === viewer.accountId) return []
    const group = `moderated ${row.id}`
    return [notices.toTell({ kind: 'moderated', to: [row.author_id], origin: row.id, group, text: why })]
  }

  return {
    async list(viewer: Viewer, { state = 'open', thing, cursor: from, limit = 30 }: CasesQuery): Promise<CasePage> {
      demand(viewer, 'moderation.see')
      const [{ items, next }, open] = await Promise.all([store.list({ state, thing }, cursor.read(from), limit), store.countOpen()])
      return { items: await present(items), nextCursor: next ? cursor.write([Number(next[0]), String(next[1])]) : null, open }
    },

    async get(viewer: Viewer, id: string): Promise<ReportCase> {
      const [shown] = await present([await get(viewer, id)])
      if (!shown) throw noSuchCase()
      return shown
    },

    /** The deed first, then the decision with the entry of the log and what its author hears: a decision that stands has been carried out. */
    async decide(viewer: Viewer, id: string, { what, why = '' }: DecideBody): Promise<ReportCase> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const row = await get(viewer, id)
      demand(viewer, 'moderation.decide')
      if (row.state !== 'open') throw decidedAlready()
      const name = (await store.texts([row])).get(`${row.thing} ${row.thing_id}`) ?? ''
      if (what === 'remove' || what === 'hide') await act(row, what)
      const reason = toParagraphs(why)
      const set = {
        ...{ state: what === 'dismiss' ? ('dismissed' as const) : ('upheld' as const), decision: what, why: reason },
        ...{ decided_by: viewer.accountId, decided_ms: clock.now() },
      }
      const subject = { kind: row.thing, id: row.thing_id, name }
      const entry = audit.entry(viewer, { action: `case.${what}`, subject, details: { case: row.id, why: reason } })
      if (!(await store.decide(row, set, [entry], owed(row, what, reason, viewer)))) throw decidedAlready()
      return this.get(viewer, id)
    },
  }
}
