export interface VideoTables {
  video: VideoTable
  video_tag: VideoTagTable
}

export type VideoState = 'draft' | 'uploading' | 'processing' | 'playable' | 'ready' | 'failed'
export type Visibility = 'public' | 'members' | 'unlisted' | 'private' | 'password'

export interface VideoTable {
  id: string
  owner_id: string
  title: string
  description: string
  visibility: Visibility
  /** Of those with visibility `password`. */
  password_hash: string | null
  /** Not shown before; null: at once. */
  publish_ms: number | null
  state: VideoState
  failure_code: string | null
  /** For admins: what the tools said. */
  failure_log: string | null
  duration_ms: number | null
  width: number | null
  height: number | null
  /** The original: a blob, its size, type and the SHA-256 that names its content. */
  source_blob: string | null
  source_size: number | null
  source_type: string | null
  source_sha256: string | null
  file_name: string | null
  /** Grows with each new source, so that addresses of cells never change their content. */
  generation: number
  cells_done: number
  cells_planned: number
  /** Grows with each change of the poster. */
  poster_revision: number
  thumbhash: string | null
  language: string | null
  created_ms: number
  updated_ms: number
  /** When its owner threw it away: gone from everywhere at once, files go later. */
  deleted_ms: number | null
}

export interface VideoTagTable {
  video_id: string
  tag: string
  /** As it was written. */
  label: string
  place: number
}
