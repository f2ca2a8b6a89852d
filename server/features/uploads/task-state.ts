import { addRange, type ByteRange, type ByteRanges, hasRange, noBytes, removeRange } from '#server/lib/byte-ranges.ts'

export type TaskState =
  | { state: 'open'; held: ByteRanges }
  | { state: 'paused'; held: ByteRanges }
  | { state: 'verifying' }
  | { state: 'verified'; sha256: string }
  | { state: 'stored'; sha256: string }
  | { state: 'cancelled'; why: CancelReason }

export type CancelReason = 'asked' | 'idle' | 'gone'

/** What happened to a task. `held`: the bytes are synced; `known`: they need not be sent, for the same file stands already; `wrong`: the whole's digest is not the one that was promised. */
export type TaskEvent =
  | { kind: 'held'; range: ByteRange }
  | { kind: 'known' }
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'verified'; sha256: string }
  | { kind: 'wrong'; doubted: ByteRanges }
  | { kind: 'stored' }
  | { kind: 'cancel'; why: CancelReason }

export function openedTask(fileSize: number): TaskState {
  return held(noBytes, fileSize)
}

/** The one way in which tasks move. `undefined`: the event does not belong to this state, and nothing moves. */
export function moveTask(task: TaskState, event: TaskEvent, fileSize: number): TaskState | undefined {
  switch (task.state) {
    case 'open':
    case 'paused':
      return moveUnfinished(task, event, fileSize)
    case 'verifying':
      if (event.kind === 'verified') return { state: 'verified', sha256: event.sha256 }
      if (event.kind === 'wrong') return { state: 'open', held: without(event.doubted, fileSize) }
      return event.kind === 'cancel' ? { state: 'cancelled', why: event.why } : undefined
    case 'verified':
      // No cancelling any more: the file may stand at its place already, and the outbox owes its callback.
      return event.kind === 'stored' ? { state: 'stored', sha256: task.sha256 } : undefined
    case 'stored':
    case 'cancelled':
      return undefined
  }
}

function moveUnfinished(task: Extract<TaskState, { held: ByteRanges }>, event: TaskEvent, fileSize: number): TaskState | undefined {
  if (event.kind === 'cancel') return { state: 'cancelled', why: event.why }
  if (event.kind === 'known') return { state: 'verifying' }
  if (event.kind === 'pause') return { state: 'paused', held: task.held }
  if (event.kind === 'resume') return { state: 'open', held: task.held }
  if (event.kind !== 'held' || task.state === 'paused' || event.range.end > fileSize) return undefined
  return held(addRange(task.held, event.range), fileSize)
}

function held(ranges: ByteRanges, fileSize: number): TaskState {
  return hasRange(ranges, { start: 0, end: fileSize }) ? { state: 'verifying' } : { state: 'open', held: ranges }
}

/** Nothing doubted in particular means that all is: a task that asked for no byte again could never end. */
function without(doubted: ByteRanges, fileSize: number): ByteRanges {
  if (doubted.length === 0 || fileSize === 0) return noBytes
  return doubted.reduce(removeRange, [{ start: 0, end: fileSize }])
}
