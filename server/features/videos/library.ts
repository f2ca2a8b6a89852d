import { createCursor } from '#server/lib/cursor.ts'
import { demand, may } from '#server/lib/may.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { PageQuery } from '#shared/api/common.ts'
import type { ChangeVideoBody, CreateVideoBody, Video, VideoPage } from '#shared/api/videos.ts'
import type { Accounts } from '../accounts/index.ts'
import { toChanges, toTags } from './edit.ts'
import { notLoggedIn, notYours, noSuchVideo, passwordWrong, wrongField } from './errors.ts'
import type { LibraryStore, OwnerRow } from './library-store.ts'
import { createPasses } from './passes.ts'
import type { VideoService } from './service.ts'
import type { VideoRow } from './store.ts'
import { toThing, toVideo } from './view.ts'

export type LibraryParts = {
  clock: Clock
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  toCard: (row: OwnerRow) => PersonCard
  passwords: Pick<Accounts['passwords'], 'hash' | 'check'>
  signKey: Uint8Array
}

type Place = { username: string; vid: string }

const cursor = createCursor('user-videos', ['text'])

/** What people do with their videos, by the names of the contract. */
export function createLibrary(parts: LibraryParts & { library: LibraryStore; videos: VideoService }) {
  const { clock, accounts, toCard, passwords, library, videos } = parts
  const passes = createPasses(parts.signKey)

  async function present(viewer: Viewer, rows: readonly VideoRow[]): Promise<Video[]> {
    const [owners, tags] = await Promise.all([
      library.owners([...new Set(rows.map(({ owner_id }) => owner_id))]),
      library.tags(rows.map(({ id }) => id)),
    ])
    const nowMs = clock.now()
    return rows.flatMap((row) => {
      const owner = owners.get(row.owner_id)
      return owner ? [toVideo(row, { viewer, owner: toCard(owner), tags: tags.get(row.id) ?? [], nowMs })] : []
    })
  }

  async function presentOne(viewer: Viewer, row: VideoRow): Promise<Video> {
    const [video] = await present(viewer, [row])
    if (!video) throw noSuchVideo()
    return video
  }

  async function find(viewer: Viewer, { username, vid }: Place, cookie?: string): Promise<VideoRow> {
    const account = await accounts.profiles.find(viewer, username)
    const row = await see(viewer, vid, cookie)
    if (row.owner_id !== account.id) throw noSuchVideo()
    return row
  }

  const see = (viewer: Viewer, vid: string, cookie?: string) => videos.see(viewer, vid, (row) => passes.isShown(row, cookie, clock.now()))

  async function changesOf(row: VideoRow, { password, ...body }: ChangeVideoBody): Promise<Partial<VideoRow>> {
    const changes = toChanges(body)
    const visibility = changes.visibility ?? row.visibility
    if (visibility === 'password' && password === undefined && row.password_hash === null) throw wrongField('password', 'field.required')
    return password === undefined ? changes : { ...changes, password_hash: await passwords.hash(password) }
  }

  return {
    /** As `see` of videos, with what a browser shows for one that has a password. */
    seeUnlocked: see,

    async list(viewer: Viewer, username: string, { cursor: from, limit = 30 }: PageQuery): Promise<VideoPage> {
      const account = await accounts.profiles.find(viewer, username)
      const [after] = cursor.read(from) ?? []
      const nowMs = clock.now()
      const some = { ownerId: account.id, visibility: 'private', state: 'ready', publishMs: null, deletedMs: null, nowMs } as const
      const isKeeper = may(viewer, 'video.inspect', some)
      const isMember = may(viewer, 'video.list', { ...some, visibility: 'members' })
      const shown = isKeeper ? undefined : { visibilities: isMember ? (['public', 'members'] as const) : (['public'] as const), nowMs }
      const { items, next } = await library.list({ ownerId: account.id, after, limit }, shown)
      const rows = items.filter((row) => isKeeper || may(viewer, 'video.list', toThing(row, nowMs)))
      return { items: await present(viewer, rows), nextCursor: next ? cursor.write([String(next[0])]) : null }
    },

    get: async (viewer: Viewer, place: Place, cookie?: string) => presentOne(viewer, await find(viewer, place, cookie)),
    watch: async (viewer: Viewer, vid: string, cookie?: string) => presentOne(viewer, await see(viewer, vid, cookie)),

    async create(viewer: Viewer, username: string, body: CreateVideoBody): Promise<Video> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const account = await accounts.profiles.find(viewer, username)
      demand(viewer, 'video.create')
      if (account.id !== viewer.accountId) throw notYours()
      const changes = toChanges(body)
      const id = await videos.createDraft(account.id, { title: changes.title ?? '' })
      await library.change(id, changes, body.tags && toTags(body.tags))
      return presentOne(viewer, await videos.see(viewer, id))
    },

    async change(viewer: Viewer, place: Place, body: ChangeVideoBody): Promise<Video> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const row = await find(viewer, place)
      demand(viewer, 'video.change', toThing(row, clock.now()))
      const changes = { ...(await changesOf(row, body)), updated_ms: clock.now() }
      await library.change(row.id, changes, body.tags && toTags(body.tags))
      return presentOne(viewer, await videos.see(viewer, row.id))
    },

    async remove(viewer: Viewer, place: Place): Promise<void> {
      if (viewer.kind === 'stranger') throw notLoggedIn()
      const row = await find(viewer, place)
      demand(viewer, 'video.delete', toThing(row, clock.now()))
      if (!(await library.throwAway(row.id, clock.now()))) throw noSuchVideo()
    },

    /** A pass for whoever knows the password of a video that is out. */
    async unlock(viewer: Viewer, vid: string, password: string): Promise<string> {
      const row = await videos.see(viewer, vid, () => true)
      if (row.password_hash === null || !(await passwords.check(password, row.password_hash)).isRight) throw passwordWrong()
      return passes.write(row, clock.now())
    },
  }
}

export type Library = ReturnType<typeof createLibrary>
