import type { Task } from '#server/ports/queue.ts'

/**
 * How a run ended. `lost`: it was cancelled, or its lease passed to another; whoever holds it now will say how it ends. `released`: the
 * process is ending, and gave it back.
 */
export type Ending =
  | { how: 'done' }
  | { how: 'retry'; reason: string; delayMs: number }
  | { how: 'parked'; reason: string }
  | { how: 'lost' }
  | { how: 'released' }

/** Who wants to know of runs: metrics, the outbox, the calendar. What it throws is logged and changes nothing. */
export type TaskListener = {
  started?(task: Task): void | Promise<void>
  ended?(task: Task, ending: Ending, tookMs: number): void | Promise<void>
}
