import type { Clock } from '#server/ports/clock.ts'
import type { People } from './people.ts'

const perTurn = 200
const lookMs = 50
const backPerSecond = 1_000

/**
 * F15: sends everybody to another process, each with a moment of its own to come back at, so that the others are not stormed. Resolves when all lines
 * are closed, or are cut at the deadline.
 */
export async function drain(people: People, clock: Clock, deadlineMs: number): Promise<void> {
  const startMs = clock.monotonicMs()
  const spreadMs = Math.max(200, (people.size / backPerSecond) * 1_000)
  let closed = 0
  for (const connection of [...people.all()]) {
    connection.close(1012, Math.random() * spreadMs)
    if (++closed % perTurn === 0) await new Promise(setImmediate)
  }
  while (people.size > 0 && clock.monotonicMs() - startMs < deadlineMs) await clock.wait(lookMs)
  for (const connection of [...people.all()]) connection.line.cut()
}
