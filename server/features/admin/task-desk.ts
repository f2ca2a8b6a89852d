import type { Task, TaskState } from '#server/ports/queue.ts'

export type ChoreView = {
  name: string
  cron: string
  timeZone: string
  nextMs: number | undefined
  isRunning: boolean
  last:
    | {
        slotMs: number
        startedMs: number | undefined
        endedMs: number | undefined
        result: 'done' | 'failed' | 'cancelled' | undefined
        reason: string | undefined
      }
    | undefined
}

/** What the frame of tasks lets admins see and do. */
export interface TaskDesk {
  kinds(): Promise<{ kind: string; isPaused: boolean; counts: Record<TaskState, number> }[]>
  list(filter: { kind?: string; state?: TaskState; limit?: number; after?: string }): Promise<{ items: Task[]; next: string | undefined }>
  get(id: string): Promise<Task>
  runNow(id: string): Promise<void>
  cancel(id: string): Promise<void>
  setPriority(id: string, priority: number): Promise<void>
  pause(kind: string): Promise<void>
  resume(kind: string): Promise<void>
  chores(): Promise<ChoreView[]>
  runChore(name: string): Promise<void>
}
