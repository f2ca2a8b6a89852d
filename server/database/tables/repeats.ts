export interface RepeatTables {
  repeated_call: RepeatedCallTable
}

interface RepeatedCallTable {
  key_hash: string
  fingerprint: string
  holder: string
  held_until_ms: number
  ends_ms: number
  answer: string | null
}
