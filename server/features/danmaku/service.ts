import { createHmac } from 'node:crypto'
import { createCursor } from '#server/lib/cursor.ts'
import { demand, may } from '#server/lib/may.ts'
import { foldText, toLine } from '#server/lib/plain-text.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Live } from '#server/ports/live.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { AddDanmakuBody, Danmaku, DanmakuList, DanmakuPacket, DanmakuQuery } from '#shared/api/danmaku.ts'
import { danmakuFlew, danmakuGone } from '#shared/messages/films.ts'
import type { Audience } from '../audience/index.ts'
import type { Conduct } from '../conduct/index.ts'
import type { Follows } from '../follows/index.ts'
import type { Videos } from '../videos/index.ts'
import { danmakuOff, noSuchDanmaku, notLoggedIn, saidAlready, wrongField } from './errors.ts'
import { type FlyingText, parseFile } from './files/parse.ts'
import { toAss } from './files/to-ass.ts'
import { toXml } from './files/to-xml.ts'
import { type Packets, packetMs } from './packets.ts'
import type { DanmakuRow, DanmakuStore } from './store.ts'
import { fromColor, toDanmaku } from './view.ts'

type CardRow = { id: string; name: string; display_name: string; avatar: string | null }
export type DanmakuParts = {
  store: DanmakuStore
  packets: Packets
  videos: Pick<Videos, 'seeUnlocked'>
  follows: Pick<Follows, 'blockedBy' | 'isBlocking'>
  conduct: Pick<Conduct, 'demandVoice' | 'waits'>
  audience: Pick<Audience, 'contribute'>
  live: Pick<Live, 'publish'>
  toCard: (row: CardRow) => PersonCard
  clock: Clock
  newId: () => string
  key: Uint8Array
}

/** Over which film, and what the browser showed for it. */
export type Over = { vid: string; cookie: string | undefined }
type Video = Awaited<ReturnType<Videos['seeUnlocked']>>

/** So many packets an answer. */
const mostPackets = 10
/** The same words of one person over one film are too many within this. */
const repeatMs = 20_000
const batch = 500
const mostExported = 50_000
const cursor = createCursor('danmaku', ['whole', 'text'])
const wordsOf = ({ blocked_words: words }: Video) => (words === null ? [] : (JSON.parse(words) as string[]))
const topicOf = (videoId: string) => `video:${videoId}`

export type DanmakuService = ReturnType<typeof createDanmakuService>

export function createDanmakuService(parts: DanmakuParts) {
  const { store, packets, videos, follows, conduct, live, toCard, clock, newId } = parts
  const videoOf = (viewer: Viewer, { vid, cookie }: Over) => videos.seeUnlocked(viewer, vid, cookie)

  /** Says of two danmaku over one film whether one person sent them, and nothing else. */
  const senderOf = (videoId: string, accountId: string) =>
    createHmac('sha256', parts.key).update(`danmaku ${videoId} ${accountId}`).digest('base64url').slice(0, 12)

  async function find(viewer: Viewer, at: Over & { id: string }): Promise<{ video: Video; row: DanmakuRow }> {
    const video = await videoOf(viewer, at)
    const row = await store.find(at.id)
    if (!row || row.video_id !== video.id) throw noSuchDanmaku()
    return { video, row }
  }

  async function demandNew(viewer: Person, video: Video, text: string): Promise<void> {
    const nowMs = clock.now()
    const said = foldText(text)
    const last = await store.lastOf(viewer.accountId, nowMs - repeatMs, 20)
    if (last.some((one) => one.video_id === video.id && foldText(one.text) === said)) throw saidAlready()
  }

  function toRow(
    video: Video,
    viewer: Person,
    { atMs, text, mode = 'scroll', size = 'normal', color = '#ffffff' }: AddDanmakuBody,
  ): DanmakuRow {
    const line = toLine(text)
    if (line === '') throw wrongField('text', 'danmaku.empty')
    if (video.duration_ms !== null && atMs > video.duration_ms) throw wrongField('atMs', 'danmaku.beyond')
    return {
      ...{ id: newId(), video_id: video.id, author_id: viewer.accountId, sender: senderOf(video.id, viewer.accountId), is_import: 0 },
      ...{ at_ms: atMs, text: line, mode, size, color: fromColor(color), likes: 0, is_hidden: 0, created_ms: clock.now() },
    }
  }

  async function takeAway(row: Pick<DanmakuRow, 'id' | 'video_id'>): Promise<boolean> {
    if (!(await store.remove(row.id))) return false
    await packets.forget(row.video_id)
    await live.publish(topicOf(row.video_id), danmakuGone, { id: row.id })
    return true
  }

  const allOf = async (video: Video): Promise<Danmaku[]> => {
    const items: Danmaku[] = []
    for (let after: ReturnType<typeof cursor.read>; items.length < mostExported; ) {
      const page = await store.list(video.id, after, 1000)
      items.push(...page.items.map(toDanmaku))
      if (!page.next) break
      after = [Number(page.next[0]), String(page.next[1])]
    }
    return items
  }

  return {
    /** Whole packets from the one that holds `fromMs` on. */
    async span(viewer: Viewer, over: Over, { fromMs = 0, toMs, density = 'normal' }: DanmakuQuery): Promise<DanmakuPacket> {
      const video = await videoOf(viewer, over)
      const from = Math.floor(fromMs / packetMs)
      const wanted = toMs === undefined ? from + mostPackets : Math.ceil(toMs / packetMs)
      const to = Math.max(from + 1, Math.min(wanted, from + mostPackets))
      const span = { fromMs: from * packetMs, toMs: to * packetMs }
      const isOn = video.is_danmaku_on === 1
      if (!isOn) return { items: [], ...span, heat: [], total: 0, isOn, own: [], liked: [] }
      const [found, { heat, total }, blocked, liked] = await Promise.all([
        packets.span(video.id, { from, to }, density),
        packets.heat(video.id, video.duration_ms),
        follows.blockedBy(viewer),
        viewer.kind === 'person' ? store.likedBy(viewer.accountId, video.id, span.fromMs, span.toMs) : [],
      ])
      const hidden = new Set([...blocked].map((accountId) => senderOf(video.id, accountId)))
      const items = hidden.size === 0 ? found : found.filter(({ by }) => !hidden.has(by))
      const self = viewer.kind === 'person' ? senderOf(video.id, viewer.accountId) : undefined
      const own = items.filter(({ by }) => by === self).map(({ id }) => id)
      return { items, ...span, heat, total, isOn, own, liked }
    },

    async list(viewer: Viewer, over: Over, { cursor: from, limit = 100 }: { cursor?: string; limit?: number }): Promise<DanmakuList> {
      const video = await videoOf(viewer, over)
      const { items, next } = await store.list(video.id, cursor.read(from), limit)
      const isKeeper = may(viewer, 'danmaku.inspect', { videoOwnerId: video.owner_id })
      const authors = isKeeper ? await store.authors([...new Set(items.map(({ author_id }) => author_id))]) : new Map<string, CardRow>()
      return {
        items: items.map((row) => {
          const author = row.is_import === 1 ? undefined : authors.get(row.author_id)
          return { ...toDanmaku(row), createdAt: new Date(row.created_ms).toISOString(), author: author ? toCard(author) : null }
        }),
        nextCursor: next ? cursor.write([Number(next[0]), String(next[1])]) : null,
      }
    },

    async add(viewer: Viewer, over: Over, body: AddDanmakuBody): Promise<Danmaku> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const video = await videoOf(viewer, over)
      demand(viewer, 'danmaku.create')
      await conduct.demandVoice(viewer)
      const isOwner = viewer.accountId === video.owner_id
      if (video.is_danmaku_on === 0 || (!isOwner && (await follows.isBlocking(video.owner_id, viewer.accountId)))) throw danmakuOff()
      const row = toRow(video, viewer, body)
      if (!isOwner && (await conduct.waits(row.text, wordsOf(video)))) throw wrongField('text', 'danmaku.blocked_word')
      await demandNew(viewer, video, row.text)
      await store.add([row])
      const danmaku = toDanmaku(row)
      await live.publish(topicOf(video.id), danmakuFlew, danmaku)
      if (viewer.accountId !== video.owner_id) await parts.audience.contribute(video.id, viewer.accountId, 'comment')
      return danmaku
    },

    /** One’s own at any time; the film’s owner and moderators any. */
    async remove(viewer: Viewer, at: Over & { id: string }): Promise<void> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const { video, row } = await find(viewer, at)
      demand(viewer, 'danmaku.delete', { authorId: row.author_id, videoOwnerId: video.owner_id })
      if (!(await takeAway(row))) throw noSuchDanmaku()
    },

    async like(viewer: Viewer, at: Over & { id: string }, isOn: boolean): Promise<void> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const { row } = await find(viewer, at)
      demand(viewer, 'danmaku.create')
      await store.like(row.id, viewer.accountId, isOn)
    },

    async export(viewer: Viewer, over: Over, format: 'xml' | 'ass'): Promise<{ name: string; text: string }> {
      const video = await videoOf(viewer, over)
      const items = await allOf(video)
      return { name: `${video.id}.${format}`, text: format === 'xml' ? toXml(items, video.id) : toAss(items, video.title) }
    },

    async mayImport(viewer: Viewer, over: Over): Promise<Video> {
      const video = await videoOf(viewer, over)
      demand(viewer, 'danmaku.import', { videoOwnerId: video.owner_id })
      return video
    },

    /** Those that lie within the film; what cannot be read is passed over and counted. */
    async import(viewer: Viewer, over: Over, file: string): Promise<{ added: number; passedOver: number }> {
      const video = await this.mayImport(viewer, over)
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const { items, passedOver } = parseFile(file)
      const rows = items.flatMap((one) => toImported(video, viewer, one) ?? [])
      for (let place = 0; place < rows.length; place += batch) await store.add(rows.slice(place, place + batch))
      await packets.forget(video.id)
      return { added: rows.length, passedOver: passedOver + items.length - rows.length }
    },

    /** For moderators: it stays with its author. */
    async hide(id: string): Promise<void> {
      const row = await store.find(id)
      if (!row) return
      await store.hide(id)
      await packets.forget(row.video_id)
      await live.publish(topicOf(row.video_id), danmakuGone, { id })
    },
    takeAway: async (id: string) => {
      const row = await store.find(id)
      if (row) await takeAway(row)
    },
    find: store.find,
    latestOf: store.latestOf,

    countOf: store.countOf,
    async removeAllOf(accountId: string, signal: AbortSignal): Promise<void> {
      for (let rows = await store.someOf(accountId, batch); rows.length > 0; rows = await store.someOf(accountId, batch)) {
        for (const row of rows) {
          signal.throwIfAborted()
          await takeAway(row)
        }
      }
    },
    /** All that flies over one film flies over another from now on. */
    async moveAll(moving: { from: string; into: string }, signal: AbortSignal): Promise<void> {
      const sender = (accountId: string) => senderOf(moving.into, accountId)
      while (await store.moveSome(moving, sender, batch)) signal.throwIfAborted()
      await packets.forget(moving.into)
    },
    async forgetVideo(videoId: string, signal: AbortSignal): Promise<void> {
      while (await store.forgetSomeOf(videoId, batch)) signal.throwIfAborted()
    },
  }

  function toImported(video: Video, viewer: Person, one: FlyingText): DanmakuRow | undefined {
    const text = toLine(one.text).slice(0, 100)
    if (text === '' || one.atMs < 0 || (video.duration_ms !== null && one.atMs > video.duration_ms)) return undefined
    const sender = senderOf(video.id, `import ${one.by}`)
    const { mode, size, color, atMs: at_ms } = one
    const own = { id: newId(), video_id: video.id, author_id: viewer.accountId, sender, is_import: 1 }
    return { ...own, at_ms, text, mode, size, color, likes: 0, is_hidden: 0, created_ms: clock.now() }
  }
}
