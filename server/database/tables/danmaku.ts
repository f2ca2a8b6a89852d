export interface DanmakuTables {
  danmaku: DanmakuTable
  danmaku_like: DanmakuLikeTable
  danmaku_slot: DanmakuSlotTable
}

export type DanmakuMode = 'scroll' | 'top' | 'bottom'
export type DanmakuSize = 'small' | 'normal' | 'large'

export interface DanmakuTable {
  id: string
  video_id: string
  author_id: string
  sender: string
  is_import: number
  at_ms: number
  text: string
  mode: DanmakuMode
  size: DanmakuSize
  color: number
  likes: number
  is_hidden: number
  created_ms: number
}

export interface DanmakuLikeTable {
  danmaku_id: string
  account_id: string
}

export interface DanmakuSlotTable {
  video_id: string
  slot: number
  count: number
}
