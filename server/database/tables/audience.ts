export interface AudienceTables {
  video_figure: VideoFigureTable
  video_mark: VideoMarkTable
  contribution: ContributionTable
  film_day: FilmDayTable
  film_source: FilmSourceTable
  film_stay: FilmStayTable
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
  seen: string
  watched_ms: number
}

export interface FilmDayTable {
  video_id: string
  day: number
  views: number
  watched_ms: number
}

export interface FilmSourceTable {
  video_id: string
  day: number
  source: string
  views: number
}

export interface FilmStayTable {
  video_id: string
  begun: number
  counts: string
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
