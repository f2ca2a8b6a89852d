import { Type } from 'typebox'
import { type TaskKind, taskKind } from './task-kind.ts'

/** What a feature takes away when an account is closed: owed with the closing, done in the background, perhaps twice. */
export function closing(name: string, removeAllOf: (accountId: string, signal: AbortSignal) => Promise<void>): TaskKind {
  return taskKind({
    name,
    payload: Type.Object({ accountId: Type.String() }, { additionalProperties: false }),
    role: 'scheduler',
    concurrency: 1,
    deadlineMs: 600_000,
    run: ({ accountId }, { signal }) => removeAllOf(accountId, signal),
  })
}
