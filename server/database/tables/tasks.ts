export interface TaskTables {
  outbox: OutboxTable
  task: TaskTable
  task_setting: TaskSettingTable
  task_fence: TaskFenceTable
  chore: ChoreTable
  chore_run: ChoreRunTable
}

/** Tasks that a transaction owes: see server/jobs/rules.md. */
interface OutboxTable {
  id: string
  kind: string
  task_key: string | null
  payload: string
  priority: number
  not_before_ms: number | null
  max_attempts: number | null
  /** The task that settles it, once handed over. */
  task_id: string | null
  ring_ms: number
  owed_ms: number
}

/** The embedded queue: see server/adapters/queue/rules.md. */
interface TaskTable {
  id: string
  kind: string
  task_key: string | null
  live_key: string | null
  payload: string
  priority: number
  rank: number
  state: 'waiting' | 'delayed' | 'running' | 'done' | 'parked' | 'cancelled'
  attempt: number
  max_attempts: number
  born: number
  not_before_ms: number
  started_ms: number | null
  ended_ms: number | null
  fence: number
  holder: string | null
  lease_length: number | null
  lease_until_ms: number | null
  progress: string | null
  reason: string | null
}

interface TaskSettingTable {
  kind: string
  paused: 0 | 1
  concurrency: number | null
}

interface TaskFenceTable {
  id: number
  fence: number
}

interface ChoreTable {
  name: string
  pattern: string
  since_ms: number
}

interface ChoreRunTable {
  chore: string
  slot_ms: number
  by_hand: 0 | 1
  task_id: string
  owed_ms: number
  started_ms: number | null
  ended_ms: number | null
  result: 'done' | 'failed' | 'cancelled' | null
  reason: string | null
}
