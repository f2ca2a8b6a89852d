import type { Clock } from '#server/ports/clock.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Admin } from '../admin/index.ts'
import type { Comments } from '../comments/index.ts'
import type { Conduct } from '../conduct/index.ts'
import type { Danmakus } from '../danmaku/index.ts'
import type { Notices } from '../notices/index.ts'
import type { Videos } from '../videos/index.ts'
import type { ModerationStore } from './store.ts'

export type ModerationParts = {
  store: ModerationStore
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  audit: Pick<Admin['audit'], 'entry'>
  videos: Pick<Videos, 'seeUnlocked' | 'moderating'>
  comments: Pick<Comments, 'findAny' | 'hide' | 'takeAway' | 'latestOf' | 'countOf'>
  danmaku: Pick<Danmakus, 'find' | 'hide' | 'takeAway' | 'latestOf' | 'countOf'>
  conduct: Pick<Conduct, 'muteOf' | 'muteStatement' | 'unmuteStatement' | 'words' | 'wordStatements' | 'wordsChanged'>
  notices: Pick<Notices, 'toTell'>
  /** Of the videos that somebody has. */
  countVideos: (accountId: string) => Promise<number>
  toCard: (row: { id: string; name: string; display_name: string; avatar: string | null }) => PersonCard
  clock: Clock
  newId: () => string
}
