export interface ConductTables {
  mute: MuteTable
  blocked_word: BlockedWordTable
  report_case: ReportCaseTable
  report: ReportTable
}

export interface MuteTable {
  account_id: string
  until_ms: number | null
  why: string
  by_id: string
  made_ms: number
}

export interface BlockedWordTable {
  word_key: string
  word: string
}

export interface ReportCaseTable {
  id: string
  thing: 'video' | 'comment' | 'danmaku' | 'person'
  thing_id: string
  video_id: string | null
  author_id: string | null
  state: 'open' | 'upheld' | 'dismissed'
  slot: string
  count: number
  decision: string | null
  why: string
  decided_by: string | null
  decided_ms: number | null
  last_ms: number
  created_ms: number
}

export interface ReportTable {
  case_id: string
  reporter_id: string
  reason: string
  note: string
  created_ms: number
}
