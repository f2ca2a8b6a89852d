import { countBytes, parseRangesText } from '#server/lib/byte-ranges.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Live } from '#server/ports/live.ts'
import { uploadGrew } from '#shared/messages/uploads.ts'
import type { TaskRow } from './store.ts'

const everyMs = 1000
type Last = { state: TaskRow['state']; waiting: TaskRow | undefined }

/** Tells people how far their uploads have come: a change of state at once, bytes once a second. Hints, never truth. */
export function createTelling({ live, clock }: { live: Pick<Live, 'tell'>; clock: Pick<Clock, 'after'> }) {
  const last = new Map<number, Last>()

  function tell(row: TaskRow): void {
    const { videoId = '' } = JSON.parse(row.parameter ?? '{}') as { videoId?: string }
    const isOpen = row.state === 'open' || row.state === 'paused'
    const heldBytes = isOpen ? countBytes(parseRangesText(row.held)) : row.size
    const told = { taskId: row.id, videoId, state: row.state, heldBytes, fileBytes: row.size }
    live.tell([row.user_id], uploadGrew, told, { latestKey: `upload.grew ${row.id}` }).catch(() => {})
  }

  function later(id: number): void {
    const known = last.get(id)
    if (!known) return
    const { waiting } = known
    if (!waiting) return void last.delete(id)
    last.set(id, { state: waiting.state, waiting: undefined })
    tell(waiting)
    clock.after(everyMs, () => later(id))
  }

  return (row: TaskRow): void => {
    if (row.kind === 'part') return
    const known = last.get(row.id)
    if (known && known.state === row.state) {
      known.waiting = row
      return
    }
    last.set(row.id, { state: row.state, waiting: undefined })
    tell(row)
    if (!known) clock.after(everyMs, () => later(row.id))
  }
}
