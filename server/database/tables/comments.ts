export interface CommentTables {
  comment: CommentTable
  comment_like: CommentLikeTable
  comment_place: CommentPlaceTable
}

export type HeldWhy = 'review' | 'words' | 'hidden'

export interface CommentTable {
  id: string
  video_id: string
  root_id: string
  is_reply: number
  author_id: string
  text: string
  likes: number
  replies: number
  created_ms: number
  edited_ms: number | null
  deleted_ms: number | null
  is_held: number
  held_why: HeldWhy | null
  mentions: string | null
}

export interface CommentLikeTable {
  comment_id: string
  account_id: string
}

export interface CommentPlaceTable {
  video_id: string
  total: number
  pinned_id: string | null
}
