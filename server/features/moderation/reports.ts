import { demand } from '#server/lib/may.ts'
import { toParagraphs } from '#server/lib/plain-text.ts'
import type { Person, Viewer } from '#server/lib/viewer.ts'
import type { ReportBody } from '#shared/api/moderation.ts'
import { notLoggedIn, notOneself, noSuchComment, noSuchDanmaku } from './errors.ts'
import type { ModerationParts } from './parts.ts'
import type { CaseRow } from './store.ts'

type Under = { vid: string; cookie: string | undefined }
type About = Pick<CaseRow, 'thing' | 'thing_id' | 'video_id' | 'author_id'>

/** Whoever may see a thing may report it. What they may not see is not there to be reported. */
export function createReports({ store, accounts, videos, comments, danmaku, clock, newId }: ModerationParts) {
  const person = (viewer: Viewer): Person => {
    if (viewer.kind === 'stranger') throw notLoggedIn()
    demand(viewer, 'moderation.report')
    return viewer
  }

  async function report(viewer: Person, about: About, { reason, note = '' }: ReportBody): Promise<void> {
    if (about.author_id === viewer.accountId) throw notOneself()
    const said = { reporter_id: viewer.accountId, reason, note: toParagraphs(note), created_ms: clock.now() }
    await store.report({ ...about, id: newId() }, said)
  }

  return {
    async video(viewer: Viewer, under: Under, body: ReportBody): Promise<void> {
      const self = person(viewer)
      const video = await videos.seeUnlocked(self, under.vid, under.cookie)
      await report(self, { thing: 'video', thing_id: video.id, video_id: video.id, author_id: video.owner_id }, body)
    },

    async comment(viewer: Viewer, at: Under & { commentId: string }, body: ReportBody): Promise<void> {
      const self = person(viewer)
      const video = await videos.seeUnlocked(self, at.vid, at.cookie)
      const row = await comments.findAny(at.commentId)
      if (!row || row.video_id !== video.id || row.deleted_ms !== null || row.is_held) throw noSuchComment()
      await report(self, { thing: 'comment', thing_id: row.id, video_id: video.id, author_id: row.author_id }, body)
    },

    async danmaku(viewer: Viewer, at: Under & { id: string }, body: ReportBody): Promise<void> {
      const self = person(viewer)
      const video = await videos.seeUnlocked(self, at.vid, at.cookie)
      const row = await danmaku.find(at.id)
      if (!row || row.video_id !== video.id || row.is_hidden) throw noSuchDanmaku()
      await report(self, { thing: 'danmaku', thing_id: row.id, video_id: video.id, author_id: row.author_id }, body)
    },

    async person(viewer: Viewer, username: string, body: ReportBody): Promise<void> {
      const self = person(viewer)
      const { id } = await accounts.profiles.find(self, username)
      await report(self, { thing: 'person', thing_id: id, video_id: null, author_id: id }, body)
    },
  }
}
