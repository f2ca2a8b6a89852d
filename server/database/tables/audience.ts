export interface AudienceTables {
  video_figure: VideoFigureTable
  video_mark: VideoMarkTable
  contribution: ContributionTable
  watch: WatchTable
  history_pause: HistoryPauseTable
  follow: FollowTable
  block: BlockTable
}

export type MarkKind = 'like' | 'favourite'

export interface VideoFigureTable {
  video_id: string
  views: number
  own_views: number
  likes: number
  favourites: number
  hot: number
  counted_ms: number
}

export interface VideoMarkTable {
  account_id: string
  kind: MarkKind
  video_id: string
  created_ms: number
}

export interface ContributionTable {
  video_id: string
  who: string
  day: number
  weight: number
  is_view: number
}

export interface WatchTable {
  account_id: string
  video_id: string
  at_ms: number
  duration_ms: number | null
  is_finished: number
  seen_ms: number
}

export interface HistoryPauseTable {
  account_id: string
  since_ms: number
}

export interface FollowTable {
  follower_id: string
  followed_id: string
  created_ms: number
}

export interface BlockTable {
  blocker_id: string
  blocked_id: string
  created_ms: number
}
