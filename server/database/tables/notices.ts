export interface NoticeTables {
  notice: NoticeTable
  notice_choice: NoticeChoiceTable
}

export interface NoticeTable {
  id: string
  account_id: string
  kind: string
  group_key: string
  by_ids: string
  video_id: string | null
  comment_id: string | null
  text: string
  count: number
  origins: string
  is_read: number
  mailed_ms: number | null
  created_ms: number
}

export interface NoticeChoiceTable {
  account_id: string
  kind: string
  in_app: number
  by_mail: number
}
