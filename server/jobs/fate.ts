import { backoffMs } from '#server/lib/backoff.ts'
import { Problem, type ProblemKind } from '#server/lib/problem.ts'
import type { TaskKind } from './task-kind.ts'

/** What becomes of a task whose run has failed. */
export type Fate = { park: true; reason: string } | { park: false; reason: string; delayMs: number }

/** [J5] A problem that will not go away by itself is for a person; everything else may have been chance. */
const fates: Record<ProblemKind, 'retry' | 'give up'> = {
  invalid: 'give up',
  unauthenticated: 'give up',
  forbidden: 'give up',
  not_found: 'give up',
  too_large: 'give up',
  unsupported: 'give up',
  conflict: 'retry',
  limited: 'retry',
  full: 'retry',
  unavailable: 'retry',
}

const patience = { firstMs: 2000, mostMs: 600_000 }

export function fateOf(error: unknown, attempt: number, kind: Pick<TaskKind, 'retry'>, random: () => number = Math.random): Fate {
  const reason = reasonOf(error)
  if (error instanceof Problem && fates[error.kind] === 'give up') return { park: true, reason }
  const ownMs = backoffMs(attempt, kind.retry ?? patience, random)
  const askedMs = error instanceof Problem ? (error.retryAfterMs ?? 0) : 0
  return { park: false, reason, delayMs: Math.max(ownMs, askedMs) }
}

const longestReason = 2000

/** For admins: the code of a problem, or what a bug says of itself. */
function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.code
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.slice(0, longestReason)
}
