import { hasRole, isPerson, type PolicyTable, type Rule } from './table.ts'

export type VideoThing = {
  ownerId: string
  visibility: 'public' | 'members' | 'unlisted' | 'private' | 'password'
  state: 'draft' | 'uploading' | 'processing' | 'playable' | 'ready' | 'failed'
  publishMs: number | null
  deletedMs: number | null
  nowMs: number
  /** The viewer has shown the password of this video. */
  isUnlocked?: boolean
}

const isKeeper = (viewer: Parameters<Rule<VideoThing>>[0], video: VideoThing) =>
  isPerson(viewer, video.ownerId) || hasRole(viewer, 'moderator')

/** There, playable, and its hour has come: what everybody but its keepers needs first. */
const isOut = (video: VideoThing) =>
  (video.state === 'playable' || video.state === 'ready') && (video.publishMs === null || video.publishMs <= video.nowMs)

const see: Rule<VideoThing> = (viewer, video) => {
  if (video.deletedMs !== null) return false
  if (isKeeper(viewer, video)) return true
  if (!isOut(video)) return false
  switch (video.visibility) {
    case 'public':
    case 'unlisted':
      return true
    case 'members':
      return hasRole(viewer, 'member')
    case 'password':
      return video.isUnlocked === true
    case 'private':
      return false
  }
}

export const videoPolicy = {
  'video.create': ((viewer) => hasRole(viewer, 'member')) as Rule<unknown>,
  /** Its page, its streams and every picture and text of it. */
  'video.see': see,
  /** In lists, search, feeds and counts: only what was meant to be found. */
  'video.list': ((viewer, video) => {
    if (video.deletedMs !== null || !isOut(video)) return false
    return video.visibility === 'public' || (video.visibility === 'members' && hasRole(viewer, 'member'))
  }) as Rule<VideoThing>,
  /** Progress, failures, the name of the file, figures. */
  'video.inspect': ((viewer, video) => video.deletedMs === null && isKeeper(viewer, video)) as Rule<VideoThing>,
  'video.change': ((viewer, video) =>
    video.deletedMs === null && (isPerson(viewer, video.ownerId) || hasRole(viewer, 'admin'))) as Rule<VideoThing>,
  /** Shown first, handed over, or made one with another. */
  'video.curate': ((viewer, video) => video.deletedMs === null && hasRole(viewer, 'admin')) as Rule<VideoThing>,
  'video.delete': ((viewer, video) => video.deletedMs === null && isKeeper(viewer, video)) as Rule<VideoThing>,
} as const satisfies PolicyTable
