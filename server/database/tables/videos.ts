export interface VideoTables {
  video: VideoTable
  video_tag: VideoTagTable
  video_alias: VideoAliasTable
  said: SaidTable
  video_plan: VideoPlanTable
  video_row: VideoRowTable
  video_text: VideoTextTable
  video_poster: VideoPosterTable
  video_growing: VideoGrowingTable
  stream_figure: StreamFigureTable
}

export interface VideoAliasTable {
  id: string
  video_id: string
  made_ms: number
}

/** See said.ts. */
export interface SaidTable {
  id: number
  video_id: string
  at_ms: number
  cues: string
}

export type VideoState = 'draft' | 'uploading' | 'processing' | 'playable' | 'ready' | 'failed'
export type Visibility = 'public' | 'members' | 'unlisted' | 'private' | 'password'

export type CommentRule = 'open' | 'review' | 'closed'
export type Embedding = 'nobody' | 'listed' | 'everybody'

export interface VideoTable {
  id: string
  owner_id: string
  title: string
  description: string
  visibility: Visibility
  password_hash: string | null
  publish_ms: number | null
  state: VideoState
  failure_code: string | null
  failure_log: string | null
  duration_ms: number | null
  width: number | null
  height: number | null
  source_blob: string | null
  source_size: number | null
  source_type: string | null
  source_sha256: string | null
  file_name: string | null
  generation: number
  cells_done: number
  cells_planned: number
  poster_revision: number
  thumbhash: string | null
  language: string | null
  gain_cb: number | null
  chapters: string | null
  seconds_left: number | null
  published_ms: number | null
  announced_ms: number | null
  is_danmaku_on: number
  comment_rule: CommentRule
  slow_mode_s: number
  own_chapters: string | null
  marks: string | null
  people: string | null
  year: number | null
  is_downloadable: number
  embedding: Embedding
  embed_sites: string | null
  blocked_words: string | null
  held_visibility: Visibility | null
  gone_ms: number | null
  featured_ms: number | null
  created_ms: number
  updated_ms: number
  deleted_ms: number | null
}

export interface VideoTagTable {
  video_id: string
  tag_key: string
  label: string
  place: number
}

export interface VideoPlanTable {
  video_id: string
  generation: number
  probe: string
  plan: string
  policy: string
  created_ms: number
  cut_blob: string | null
  maker: string | null
  stranded_ms: number | null
  pictures: string | null
  original: string | null
}

export interface VideoRowTable {
  video_id: string
  generation: number
  name: string
  kind: string
  cells: number
  done: number
  init_sha256: string
  facts: string
  quarantined: string
}

export interface VideoTextTable {
  id: string
  video_id: string
  generation: number
  place: number
  language: string
  label: string
  kind: string
  is_forced: number
  blob: string | null
  original: string | null
  created_ms: number
}

export interface VideoPosterTable {
  video_id: string
  stamp: string
  created_ms: number
}

export interface VideoGrowingTable {
  video_id: string
  generation: number
  blob: string
  path: string
  size: number
  held: string
  touched_ms: number
}

export interface StreamFigureTable {
  day: string
  video_id: string
  plays: number
  start_ms: number
  stalls: number
  stalled_ms: number
  watched_ms: number
  errors: number
  bits: number
}
