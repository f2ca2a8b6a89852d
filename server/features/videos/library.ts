import { createCursor } from '#server/lib/cursor.ts'
import { demand, may } from '#server/lib/may.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { ChangeVideoBody, CreateVideoBody, UserVideosQuery, Video, VideoPage } from '#shared/api/videos.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Admin } from '../admin/index.ts'
import { toChanges, toTags } from './edit.ts'
import { hiddenByModerators, notLoggedIn, notYours, noSuchVideo, passwordWrong, wrongField } from './errors.ts'
import type { Cards } from './cards.ts'
import type { LibraryStore } from './library-store.ts'
import { createLogged } from './logged.ts'
import { createTrash, type Place } from './trash.ts'
import { createPasses } from './passes.ts'
import type { VideoService } from './service.ts'
import type { VideoRow } from './store.ts'
import type { Told } from './told.ts'
import { toThing } from './view.ts'

export type LibraryParts = {
  clock: Clock
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  passwords: Pick<Accounts['passwords'], 'hash' | 'check'>
  signKey: Uint8Array
  audit: Pick<Admin['audit'], 'entry'>
}

const cursors = {
  new: createCursor('user-videos', ['text']),
  old: createCursor('user-videos-old', ['text']),
  views: createCursor('user-videos-views', ['whole', 'text']),
  title: createCursor('user-videos-title', ['text', 'text']),
}
const nothingMore = { sort: 'new', state: undefined, visibility: undefined, q: undefined } as const

/** What people do with their videos, by the names of the contract. */
export function createLibrary(parts: LibraryParts & { library: LibraryStore; cards: Cards; videos: VideoService; told: Told }) {
  const { clock, accounts, passwords, library, cards, videos, told } = parts
  const passes = createPasses(parts.signKey)

  async function presentOne(viewer: Viewer, row: VideoRow): Promise<Video> {
    const [video] = await cards.videos(viewer, [row])
    if (!video) throw noSuchVideo()
    return video
  }

  async function find(viewer: Viewer, { username, vid }: Place, cookie?: string): Promise<VideoRow> {
    const account = await accounts.profiles.find(viewer, username)
    const row = await see(viewer, vid, cookie)
    if (row.owner_id !== account.id) throw noSuchVideo()
    return row
  }

  const isShown = (cookie: string | undefined) => (row: VideoRow) => passes.isShown(row, cookie, clock.now())
  const see = (viewer: Viewer, vid: string, cookie?: string) => videos.see(viewer, vid, isShown(cookie))

  const logged = createLogged(parts.audit)
  const trash = createTrash({ ...parts, logged, find, presentOne })

  async function changesOf(row: VideoRow, { password, ...body }: ChangeVideoBody): Promise<Partial<VideoRow>> {
    const changes = toChanges(body)
    const visibility = changes.visibility ?? row.visibility
    if (visibility === 'password' && password === undefined && row.password_hash === null) throw wrongField('password', 'field.required')
    return password === undefined ? changes : { ...changes, password_hash: await passwords.hash(password) }
  }

  return {
    /** As `see` of videos, with what a browser shows for one that has a password. */
    seeUnlocked: see,
    seeOften: (viewer: Viewer, vid: string, cookie?: string) => videos.seeOften(viewer, vid, isShown(cookie)),

    async list(viewer: Viewer, username: string, query: UserVideosQuery): Promise<VideoPage> {
      const account = await accounts.profiles.find(viewer, username)
      const nowMs = clock.now()
      const some = { ownerId: account.id, visibility: 'private', state: 'ready', publishMs: null, deletedMs: null, nowMs } as const
      const isKeeper = may(viewer, 'video.inspect', some)
      const isMember = may(viewer, 'video.list', { ...some, visibility: 'members' })
      const shown = isKeeper ? undefined : { visibilities: isMember ? (['public', 'members'] as const) : (['public'] as const), nowMs }
      const { cursor: from, limit = 30, sort = 'new', state, visibility, q } = isKeeper ? query : { ...query, ...nothingMore }
      const cursor = cursors[sort]
      const { items, next } = await library.list(
        { ownerId: account.id, after: cursor.read(from), limit, sort, state, visibility, q },
        shown,
      )
      const rows = items.filter((row) => isKeeper || may(viewer, 'video.list', toThing(row, nowMs)))
      return { items: await cards.videos(viewer, rows), nextCursor: next ? cursor.write(next as never) : null }
    },

    get: async (viewer: Viewer, place: Place, cookie?: string) => presentOne(viewer, await find(viewer, place, cookie)),

    /** Of a film that became one with another, that one: its own id says so. */
    async watch(viewer: Viewer, vid: string, cookie?: string): Promise<Video> {
      const row = await see(viewer, vid, cookie).catch(async (error: unknown) => {
        const keptId = await library.keptInstead(vid)
        if (keptId === undefined) throw error
        return see(viewer, keptId, cookie)
      })
      return presentOne(viewer, row)
    },

    async create(viewer: Viewer, username: string, body: CreateVideoBody): Promise<Video> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const account = await accounts.profiles.find(viewer, username)
      demand(viewer, 'video.create')
      if (account.id !== viewer.accountId) throw notYours()
      const changes = toChanges(body)
      const id = await videos.createDraft(account.id, { title: changes.title ?? '' })
      await library.change(id, changes, body.tags && toTags(body.tags), { nowMs: clock.now() })
      return presentOne(viewer, await videos.see(viewer, id))
    },

    async change(viewer: Viewer, place: Place, body: ChangeVideoBody): Promise<Video> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const row = await find(viewer, place)
      demand(viewer, 'video.change', toThing(row, clock.now()))
      if (row.held_visibility !== null && body.visibility !== undefined) throw hiddenByModerators()
      const changes = { ...(await changesOf(row, body)), updated_ms: clock.now() }
      const also = logged(viewer, row, 'video.change', { fields: Object.keys(body) })
      await library.change(row.id, changes, body.tags && toTags(body.tags), { nowMs: clock.now(), also })
      await told.changed(row.id)
      if (body.visibility !== undefined || body.publishAt !== undefined || body.password !== undefined) await told.narrowed(row.id)
      return presentOne(viewer, await videos.see(viewer, row.id))
    },

    remove: trash.remove,
    trash,

    /** A pass for whoever knows the password of a video that is out. */
    async unlock(viewer: Viewer, vid: string, password: string): Promise<string> {
      const row = await videos.see(viewer, vid, () => true)
      if (row.password_hash === null || !(await passwords.check(password, row.password_hash)).isRight) throw passwordWrong()
      return passes.write(row, clock.now())
    },
  }
}

export type Library = ReturnType<typeof createLibrary>
