import { countBytes, parseRangesText } from '#server/lib/byte-ranges.ts'
import type { Clock } from '#server/ports/clock.ts'
import { parseByteCount } from './block-range.ts'
import { type BusinessServer, serverOfToken } from './business.ts'
import { refuse } from './refusal.ts'
import type { TaskRow, UploadStore } from './store.ts'

export type Desk = ReturnType<typeof createDesk>
export type DeskTask = {
  taskId: number
  userId: string
  fileName: string
  state: TaskRow['state']
  size: number
  held: number
  callback: { retCode: string; status: string; tries: number; nextAt: string | null } | null
}

/** What a business server sees of its uploads: those under way, and those whose callback it did not hear. */
export function createDesk(parts: { store: UploadStore; clock: Clock; business(): readonly BusinessServer[]; ring(): void }) {
  const { store, clock } = parts
  return {
    async look(token: unknown): Promise<{ server: string; underWay: DeskTask[]; unheard: DeskTask[] }> {
      const { name } = serverOfToken(parts.business(), token)
      const [underWay, unheard] = await Promise.all([store.listUnderWay(name), store.listUnheard(name)])
      return { server: name, underWay: underWay.map(toDeskTask), unheard: unheard.map(toDeskTask) }
    },

    /** Sends a callback again that was not heard, also one that was given up: for another day. */
    async again(token: unknown, taskId: unknown): Promise<void> {
      const { name } = serverOfToken(parts.business(), token)
      const row = await store.find(parseByteCount(taskId) ?? 0)
      if (row?.server !== name) refuse('unknown', 'This business server has no such task.')
      if (row.callback_code === null) refuse('request', 'Nothing is owed for this task: it is not over.')
      const nowMs = clock.now()
      await store.change(row, { callback_due_ms: nowMs, callback_since_ms: nowMs })
      parts.ring()
    },
  }
}

function toDeskTask(row: TaskRow): DeskTask {
  const isOpen = row.state === 'open' || row.state === 'paused'
  const due = row.callback_due_ms
  const owed = {
    retCode: row.callback_code ?? '',
    status: row.callback_text ?? '',
    tries: row.callback_tries,
    nextAt: due === null ? null : new Date(due).toISOString(),
  }
  return {
    taskId: row.id,
    userId: row.user_id,
    fileName: row.file_name,
    state: row.state,
    size: row.size,
    held: isOpen ? countBytes(parseRangesText(row.held)) : row.size,
    callback: row.callback_code === null ? null : owed,
  }
}
