import type { OwnProfile } from '#shared/api/accounts.ts'
import type { Video } from '#shared/api/videos.ts'
import type { CommentActs } from './use-acts.ts'

/** What every comment needs to know of where it stands. */
export type Around = { video: Video; user: OwnProfile | undefined; seek(atS: number): void; acts: CommentActs }
