import type { Trouble, UploadState } from '#uploader/index.ts'
import { UploadFailure } from '#uploader/index.ts'
import { ApiFailure } from '#web/lib/failure.ts'

/** Why it cannot go on by itself: told in words and with what to do. */
export type Failing =
  | { kind: 'refused by the house'; failure: ApiFailure }
  | { kind: 'changed' | 'gone' | 'unreadable' | 'broken' }
  | { kind: 'refused'; words: string }

/** `mayAsk`: the browser opens it again when its owner says yes. `elsewhere`: it was begun on another device. `other`: what was given is not it. */
export type FilelessWhy = 'closed' | 'mayAsk' | 'elsewhere' | 'other'

/** `fileless`: the page was opened again, and the browser does not hand out the file by itself. */
export type Stage =
  | { at: 'waiting' }
  | { at: 'elsewhere' }
  | { at: 'fileless'; why: FilelessWhy }
  | { at: 'opening'; trouble: Trouble['kind'] | undefined }
  | { at: 'sending'; bytesPerSecond: number; secondsLeft: number | undefined; trouble: Trouble['kind'] | undefined }
  | { at: 'verifying' }
  | { at: 'paused' }
  | { at: 'sent' }
  | { at: 'failed'; failing: Failing }
  | { at: 'leaving' }

export function toStage(state: UploadState): Stage {
  switch (state.state) {
    case 'opening':
      return { at: 'opening', trouble: state.trouble?.kind }
    case 'sending': {
      const { bytesPerSecond, secondsLeft, trouble } = state
      return { at: 'sending', bytesPerSecond, secondsLeft, trouble: trouble?.kind }
    }
    case 'failed':
      return { at: 'failed', failing: toFailing(state.reason) }
    case 'done':
      return { at: 'sent' }
    case 'cancelled':
      return { at: 'leaving' }
    default:
      return { at: state.state }
  }
}

export function isMoving({ at }: Stage): boolean {
  return at === 'opening' || at === 'sending' || at === 'verifying'
}

/** What the server holds, not what was handed to the network. */
export function shareOf({ heldBytes, size }: { heldBytes: number; size: number }): number {
  return size === 0 ? 1 : Math.min(1, heldBytes / size)
}

function toFailing(reason: unknown): Failing {
  if (reason instanceof ApiFailure) return { kind: 'refused by the house', failure: reason }
  // What browsers say of a file that has changed, moved or gone since it was chosen.
  if (reason instanceof DOMException && /^(NotReadable|NotFound|NotAllowed|Security)Error$/.test(reason.name)) return { kind: 'unreadable' }
  if (!(reason instanceof UploadFailure)) return { kind: 'broken' }
  if (reason.kind === 'changed' || reason.kind === 'gone') return { kind: reason.kind }
  return { kind: 'refused', words: reason.message }
}
