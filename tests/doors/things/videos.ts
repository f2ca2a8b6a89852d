import { type Expected, people } from '../entry.ts'
import type { Stage } from '../stage.ts'

/** Everything a video can be to those who are not its keeper. */
export const looks = ['public', 'members', 'unlisted', 'private', 'password', 'processing', 'later', 'deleted'] as const
export type Look = (typeof looks)[number]

export const videoPassword = 'the back door'

type Kept = { vid: string; username: string }
const kept = new WeakMap<Stage, Map<Look, Kept>>()

/** A video of the keeper that looks so; the same one until something was done to it. */
export async function keptVideo(stage: Stage, look: Look): Promise<Kept> {
  const known = kept.get(stage) ?? new Map<Look, Kept>()
  kept.set(stage, known)
  stage.onDone(() => known.delete(look))
  const there = known.get(look)
  if (there) return there
  const made = await makeVideo(stage, look)
  known.set(look, made)
  return made
}

/** Whom it is shown to; to all others it is not there. Its keeper and the moderators see what has not been thrown away. */
export function shownTo(look: Look, status: number): Expected {
  const [toStrangers, toMembers] = {
    public: [true, true],
    unlisted: [true, true],
    members: [false, true],
    private: [false, false],
    password: [false, false],
    processing: [false, false],
    later: [false, false],
    deleted: [false, false],
  }[look]
  const toKeepers = look === 'deleted' ? 404 : status
  const keepers = { keeper: toKeepers, moderator: toKeepers, admin: toKeepers, owner: toKeepers }
  return { stranger: toStrangers ? status : 404, member: toMembers ? status : 404, ...keepers }
}

/** Who may change it: strangers are asked who they are, others hear of it only if they see it. */
export function changedBy(look: Look, status: number, { moderator }: { moderator: boolean }): Expected {
  const seen = shownTo(look, 403)
  if (look === 'deleted') return people(404)
  return { ...seen, stranger: 401, keeper: status, moderator: moderator ? status : 403, admin: status, owner: status }
}

async function makeVideo(stage: Stage, look: Look): Promise<Kept> {
  const { keeper } = stage.people
  const username = keeper?.username ?? ''
  const path = `/user/${username}/videos`
  const { id } = await stage.as<{ id: string }>(keeper, 'POST', path, { title: `A film that is ${look}` })
  const { videos } = stage.matinee.features
  const source = { blob: `sources/${id}/1`, size: 1, type: 'video/mp4', sha256: 'a'.repeat(64), fileName: 'a.mp4' }
  const generation = await videos.sourceArrived({ videoId: id, ...source })
  if (look !== 'processing') await videos.grew({ videoId: id, generation, state: 'ready' })
  const visibility = look === 'processing' || look === 'later' || look === 'deleted' ? 'public' : look
  const publishAt = look === 'later' ? { publishAt: '2999-01-01T00:00:00.000Z' } : {}
  const password = look === 'password' ? { password: videoPassword } : {}
  await stage.as(keeper, 'PATCH', `${path}/${id}`, { visibility, ...publishAt, ...password })
  if (look === 'deleted') await stage.as(keeper, 'DELETE', `${path}/${id}`)
  return { vid: id, username }
}
