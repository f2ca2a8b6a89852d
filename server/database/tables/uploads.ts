export interface UploadTables {
  upload_task: UploadTaskTable
}

interface UploadTaskTable {
  id: number
  server: string
  user_id: string
  root: string
  folder: string
  file_name: string
  size: number
  md5: string | null
  parameter: string | null
  /** By which a second opening finds the first. */
  same_key: string
  state: 'open' | 'paused' | 'verifying' | 'verified' | 'stored' | 'cancelled'
  held: string
  sha256: string | null
  known_path: string | null
  why: string | null
  kind: 'whole' | 'part'
  leaving: string | null
  parts: string | null
  tus: string | null
  version: number
  callback_code: string | null
  callback_text: string | null
  callback_due_ms: number | null
  callback_since_ms: number | null
  callback_tries: number
  created_ms: number
  touched_ms: number
}
