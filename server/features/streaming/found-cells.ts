import type { Transcoding } from '#server/features/transcoding/index.ts'
import type { Clock } from '#server/ports/clock.ts'

type ReadyCell = NonNullable<Awaited<ReturnType<Transcoding['findReady']>>>

/** As long as a cell that was found counts as found: many watch the same place at the same time. */
const keptMs = 2000
const most = 5000

/** Cells that were found a moment ago are not looked for again. Cells never change; one that was rotten and has been mended is another version. */
export function createFoundCells(clock: Pick<Clock, 'monotonicMs'>) {
  const found = new Map<string, { ready: ReadyCell; untilMs: number }>()
  return {
    recall(name: string): ReadyCell | undefined {
      const known = found.get(name)
      return known && known.untilMs > clock.monotonicMs() ? known.ready : undefined
    },
    keep(ready: ReadyCell): void {
      // What stands in for a cell may be replaced at any moment.
      if (ready.isStandIn) return
      found.delete(ready.name)
      found.set(ready.name, { ready, untilMs: clock.monotonicMs() + keptMs })
      const [oldest] = found.keys()
      if (found.size > most && oldest !== undefined) found.delete(oldest)
    },
    forget: (name: string) => void found.delete(name),
  }
}
