import type { AccountTables } from './tables/accounts.ts'
import type { AudienceTables } from './tables/audience.ts'
import type { CommentTables } from './tables/comments.ts'
import type { ConductTables } from './tables/conduct.ts'
import type { DanmakuTables } from './tables/danmaku.ts'
import type { EventTables } from './tables/events.ts'
import type { NoticeTables } from './tables/notices.ts'
import type { PlaylistTables } from './tables/playlists.ts'
import type { RepeatTables } from './tables/repeats.ts'
import type { TaskTables } from './tables/tasks.ts'
import type { UploadTables } from './tables/uploads.ts'
import type { VideoTables } from './tables/videos.ts'

/** Every table, each with the feature that owns it. Times are epoch milliseconds, flags 0 or 1, JSON is text. */
export interface Tables
  extends AccountTables,
    TaskTables,
    EventTables,
    VideoTables,
    CommentTables,
    AudienceTables,
    DanmakuTables,
    NoticeTables,
    ConductTables,
    PlaylistTables,
    RepeatTables,
    UploadTables {}
