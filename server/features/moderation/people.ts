import { demand, may } from '#server/lib/may.ts'
import { toParagraphs } from '#server/lib/plain-text.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { BlockedWords, MuteBody, PersonSheet } from '#shared/api/moderation.ts'
import { notLoggedIn, untilPast } from './errors.ts'
import type { ModerationParts } from './parts.ts'

const moment = (ms: number) => new Date(ms).toISOString()
const momentOrNull = (ms: number | null) => (ms === null ? null : moment(ms))
const glance = 30

/** What moderators do to persons, to films without a report, and to the words of the house. */
export function createPeople(parts: ModerationParts) {
  const { store, accounts, audit, conduct, comments, danmaku, videos, notices, clock } = parts

  async function find(viewer: Viewer, username: string) {
    if (viewer.kind === 'stranger') throw notLoggedIn()
    demand(viewer, 'moderation.see')
    const { id } = await accounts.profiles.find(viewer, username)
    const account = await store.account(id)
    if (!account) throw new Error(`${id} has a profile and no account`)
    return { viewer, account }
  }

  return {
    async sheet(by: Viewer, username: string): Promise<PersonSheet> {
      const { viewer, account } = await find(by, username)
      const { id, role } = account
      const [cards, mute, said, flown, videoCount, commentCount, danmakuCount, upheld] = await Promise.all([
        store.people([id]),
        conduct.muteOf(id),
        comments.latestOf(id, glance),
        danmaku.latestOf(id, glance),
        parts.countVideos(id),
        comments.countOf(id),
        danmaku.countOf(id),
        store.upheldAgainst(id),
      ])
      const card = cards.get(id)
      const until = momentOrNull(account.suspended_until_ms)
      return {
        person: parts.toCard(card ?? { id, name: account.name, display_name: account.name, avatar: null }),
        role,
        joinedAt: moment(account.created_ms),
        mute: mute ? { until: momentOrNull(mute.until_ms), why: mute.why, at: moment(mute.made_ms) } : null,
        suspension: account.state === 'suspended' ? { until, reason: account.suspended_reason } : null,
        counts: { videos: videoCount, comments: commentCount, danmaku: danmakuCount, upheld },
        comments: said.map((row) => ({
          ...{ id: row.id, videoId: row.video_id, text: row.text, isHeld: row.is_held === 1, createdAt: moment(row.created_ms) },
        })),
        danmaku: flown.map((row) => ({
          ...{ id: row.id, videoId: row.video_id, atMs: row.at_ms, text: row.text, createdAt: moment(row.created_ms) },
        })),
        may: [
          ...(may(viewer, 'person.mute', { accountId: id, role }) ? ['mute'] : []),
          ...(may(viewer, 'person.manage', { accountId: id, role }) ? ['suspend'] : []),
        ],
      }
    },

    async mute(by: Viewer, username: string, { until = null, why }: MuteBody): Promise<void> {
      const { viewer, account } = await find(by, username)
      demand(viewer, 'person.mute', { accountId: account.id, role: account.role })
      const untilMs = until === null ? null : Date.parse(until)
      if (untilMs !== null && !(untilMs > clock.now())) throw untilPast()
      const reason = toParagraphs(why)
      const row = { account_id: account.id, until_ms: untilMs, why: reason, by_id: viewer.accountId, made_ms: clock.now() }
      const subject = { kind: 'person', id: account.id, name: account.name }
      const told = { kind: 'moderated', to: [account.id], origin: parts.newId(), group: `muted ${account.id}`, text: reason } as const
      await store.commit(
        [conduct.muteStatement(row), audit.entry(viewer, { action: 'person.mute', subject, details: { until, why: reason } })],
        [notices.toTell(told)],
      )
    },

    async unmute(by: Viewer, username: string): Promise<void> {
      const { viewer, account } = await find(by, username)
      demand(viewer, 'person.mute', { accountId: account.id, role: account.role })
      const subject = { kind: 'person', id: account.id, name: account.name }
      await store.commit([conduct.unmuteStatement(account.id), audit.entry(viewer, { action: 'person.unmute', subject })])
    },

    async words(viewer: Viewer): Promise<BlockedWords> {
      demand(viewer, 'moderation.see')
      return { words: [...(await conduct.words())] }
    },

    async setWords(viewer: Viewer, { words }: BlockedWords): Promise<BlockedWords> {
      demand(viewer, 'moderation.decide')
      const entry = audit.entry(viewer, { action: 'words.change', details: { count: words.length } })
      await store.commit([...conduct.wordStatements(words), entry])
      await conduct.wordsChanged()
      return { words: [...(await conduct.words())] }
    },

    /** Others do not see it, whatever its owner says; or they do again. */
    async hideVideo(viewer: Viewer, under: { vid: string; cookie: string | undefined }, isHidden: boolean): Promise<void> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      demand(viewer, 'moderation.decide')
      const video = await videos.seeUnlocked(viewer, under.vid, under.cookie)
      const subject = { kind: 'video', id: video.id, name: video.title }
      const entry = audit.entry(viewer, { action: isHidden ? 'video.hide' : 'video.unhide', subject })
      await videos.moderating.hide(video.id, isHidden, [entry])
    },
  }
}
