import { type ByteRanges, parseRangesText, toRangesText } from '#server/lib/byte-ranges.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Whole } from './hashing.ts'
import { refuse } from './refusal.ts'
import type { TaskChange, TaskRow, UploadStore } from './store.ts'
import { moveTask, type TaskEvent, type TaskState } from './task-state.ts'

const mostTries = 20

export type Tasks = ReturnType<typeof createTasks>

/** Rows as states: every change of a task goes through its machine, whoever else changes it at the same moment. */
export function createTasks({
  store,
  clock,
  changed,
}: {
  store: UploadStore
  clock: Pick<Clock, 'now'>
  changed(row: TaskRow, before: TaskRow): void
}) {
  async function get(id: number): Promise<TaskRow> {
    return (await store.find(id)) ?? refuse('unknown', 'There is no such task. Ask the business server for a new one.')
  }

  type Move = (state: TaskState, size: number) => TaskState | undefined
  async function moveBy(id: number, move: Move, also: (next: TaskState) => TaskChange = () => ({})): Promise<TaskRow | undefined> {
    for (let tried = 0; tried < mostTries; tried++) {
      const row = await get(id)
      const next = move(toState(row), row.size)
      if (!next) return undefined
      const change = { ...toColumns(next), touched_ms: clock.now(), ...also(next) }
      if (!(await store.change(row, change))) continue
      const now = { ...row, ...change, version: row.version + 1 }
      changed(now, row)
      return now
    }
    throw new Error(`upload task ${id} is changed by too many at once`)
  }

  return {
    get,

    /** The row after these bytes have been counted; undefined where none of them belongs to the state. */
    hold: (id: number, ranges: ByteRanges): Promise<TaskRow | undefined> =>
      moveBy(id, (state, size) => {
        const next = ranges.reduce((now, range) => moveTask(now, { kind: 'held', range }, size) ?? now, state)
        return next === state ? undefined : next
      }),

    /** The row after the event; undefined where the event does not belong to the state. */
    move: (id: number, event: TaskEvent, also?: (next: TaskState) => TaskChange): Promise<TaskRow | undefined> =>
      moveBy(id, (state, size) => moveTask(state, event, size), also),
  }
}

function toState(row: TaskRow): TaskState {
  const { state, sha256, why } = row
  switch (state) {
    case 'open':
    case 'paused':
      return { state, held: parseRangesText(row.held) }
    case 'verifying':
      return { state }
    case 'verified':
    case 'stored':
      return { state, sha256: sha256 ?? '' }
    case 'cancelled':
      return { state, why: why === 'idle' || why === 'gone' ? why : 'asked' }
  }
}

/** Which digests its whole will be asked for. An MD5 that nobody has promised is not reckoned. */
export const toWhole = ({ id, md5 }: Pick<TaskRow, 'id' | 'md5'>): Whole => ({ key: String(id), hasMd5: md5 !== null })

export function toColumns(state: TaskState): Pick<TaskRow, 'state'> & TaskChange {
  switch (state.state) {
    case 'open':
    case 'paused':
      return { state: state.state, held: toRangesText(state.held) }
    case 'verifying':
      return { state: state.state, held: '' }
    case 'verified':
    case 'stored':
      return { state: state.state, sha256: state.sha256 }
    case 'cancelled':
      return { state: state.state, why: state.why }
  }
}
