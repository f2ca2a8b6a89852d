import { type BlockLine, openBlockLine, type UploadTask } from './block-line.ts'
import { LineBroke, type Trouble, UploadFailure } from './failure.ts'
import { type Hashes, plainHashes } from './hashes.ts'
import { createPace, type Pace } from './pace.ts'
import { demandSame } from './prove.ts'
import { bytesOf, nextBlock, type Range, without } from './ranges.ts'
import type { Source } from './source.ts'
import { backoffMs, waitFor } from './wait.ts'

export type SendOptions = {
  source: Source
  task: UploadTask
  signal?: AbortSignal
  hashes?: Hashes
  /** The task was begun earlier: that the file is still the same is proved by bytes that the server holds. */
  isResumed?: boolean
  request?: typeof fetch
  /** Failures in a row after which it is given up; without end unless told. */
  tries?: number
  /** Resolves when the line may be back, so that a pause ends early. */
  wake?: (signal: AbortSignal) => Promise<void>
  /** Asks whether the server has a file of this digest already; true once it has been shown that it is this one. */
  prove?(fileMd5: string, signal: AbortSignal): Promise<boolean>
  onHeld?(heldBytes: number): void
  onVerifying?(): void
  /** The line is broken since, and tried again; `undefined` when bytes move again. */
  onTrouble?(trouble: Trouble | undefined): void
}

type Sending = Omit<SendOptions, 'signal' | 'hashes'> & {
  line: BlockLine
  pace: Pace
  signal: AbortSignal
  hashes: Hashes
  leftBytes: number
  /** It need not be sent after all: what is wanted is asked for anew. */
  isKnown: boolean
}

const mostRefusals = 4
const mostRepairs = 3

/** Sends what the server still wants until it wants nothing, and the whole is right: begun anew, it goes on where it was. */
export async function sendFile(options: SendOptions): Promise<void> {
  const { source, signal = new AbortController().signal, hashes = plainHashes, tries = Number.POSITIVE_INFINITY } = options
  const line = openBlockLine(options.task, options.request ?? fetch)
  const sending: Sending = {
    ...options,
    line,
    signal,
    hashes,
    pace: createPace(performance.now(), source.size),
    leftBytes: source.size,
    isKnown: false,
  }
  const whole = hashes.whole?.(source, signal)
  whole?.then((fileMd5) => askWhetherKnown(sending, fileMd5)).catch(() => undefined)
  let failures = 0
  let refusals = 0
  let repairs = 0
  let isProven = !options.isResumed
  const calm = () => {
    failures = 0
    refusals = 0
    options.onTrouble?.(undefined)
  }
  for (;;) {
    signal.throwIfAborted()
    try {
      sending.isKnown = false
      const askedMs = performance.now()
      const wanted = await line.wanted(signal)
      sending.pace.answered(performance.now() - askedMs)
      sending.leftBytes = bytesOf(wanted.missing)
      if (wanted.isPaused) throw new UploadFailure('paused', 'The upload is paused.')
      options.onHeld?.(source.size - sending.leftBytes)
      if (!isProven) await demandSame(sending, wanted)
      isProven = true
      if (wanted.missing.length > 0) await sendMissing(sending, wanted.missing, calm)
      else if (await isWhole(sending, whole)) return
      else if (++repairs > mostRepairs) throw new UploadFailure('refused', 'The file is damaged on its way again and again.')
    } catch (error) {
      signal.throwIfAborted()
      const isRefusal = error instanceof UploadFailure && error.kind === 'refused' && ++refusals < mostRefusals
      if (!isRefusal && !(error instanceof LineBroke)) throw error
      if (++failures >= tries) throw new UploadFailure('lost', error.message, { cause: error })
      options.onTrouble?.(error instanceof LineBroke ? error.trouble : { kind: 'busy', words: error.message })
      const askedMs = error instanceof LineBroke ? error.retryAfterMs : undefined
      await waitFor(askedMs ?? backoffMs(failures), signal, askedMs === undefined ? options.wake : undefined)
    }
  }
}

/** Less than this is sent sooner than asked for. */
const worthAskingBytes = 1024 * 1024

/** The digest of the whole is there while blocks still go: perhaps they need not. */
async function askWhetherKnown(sending: Sending, fileMd5: string): Promise<void> {
  if (sending.leftBytes < worthAskingBytes) return
  if (await sending.prove?.(fileMd5, sending.signal)) sending.isKnown = true
}

/** upload-protocol, "Nothing wrong": on a mismatch the server wants blocks again. */
async function isWhole({ line, signal, onVerifying }: Sending, whole: Promise<string> | undefined): Promise<boolean> {
  onVerifying?.()
  if (!whole) return true
  // A task that ended without the digest takes no more states: then the blocks' own digests have vouched for it.
  await line.tell({ status: 'upload', fileMd5: await whole }, signal).catch((error: unknown) => {
    if (!(error instanceof UploadFailure)) throw error
  })
  return (await line.wanted(signal)).missing.length === 0
}

/** Ends when nothing is missing; fails when a block failed, after the others have come to their end: what they carry is not lost. */
async function sendMissing(sending: Sending, wanted: readonly Range[], calm: () => void): Promise<void> {
  const { source, pace } = sending
  const flying = new Set<Promise<void>>()
  let missing = [...wanted]
  let heldBytes = source.size - bytesOf(missing)
  let failure: { error: unknown } | undefined
  const fly = async (range: Range) => {
    try {
      await sendBlock(sending, range)
      heldBytes += range.end - range.start
      sending.leftBytes = source.size - heldBytes
      calm()
      sending.onHeld?.(heldBytes)
    } catch (error) {
      // A server that is busy is no broken line: small blocks would only ask it more often.
      const isBusy = error instanceof LineBroke && error.kind !== 'line'
      if (!failure && isBusy) pace.asksTooOften()
      else if (!failure) pace.broke(performance.now())
      failure ??= { error }
    }
  }
  for (;;) {
    const range = failure || sending.isKnown ? undefined : nextBlock(missing, source.size, pace.blockBytes)
    if (range && flying.size < pace.lanes) {
      missing = without(missing, range)
      const flight = fly(range).finally(() => flying.delete(flight))
      flying.add(flight)
    } else if (flying.size > 0) await Promise.race(flying)
    else break
  }
  if (failure) throw failure.error
}

async function sendBlock({ source, line, hashes, pace, signal }: Sending, range: Range): Promise<void> {
  const bytes = await source.read(range)
  if (bytes.length !== range.end - range.start) throw new UploadFailure('changed', 'The file has become shorter.')
  const md5 = await hashes.block(bytes)
  const startMs = performance.now()
  const answer = await line.send({ range, bytes, md5 }, signal)
  if (answer === 'taken') return pace.took(bytes.length, performance.now() - startMs, performance.now())
  if (answer === 'too large') pace.tooLarge(bytes.length)
  // upload-protocol, 2: another connection brings those bytes; what is wanted is asked for anew.
  throw typeof answer === 'object' ? new UploadFailure('refused', answer.refused) : new LineBroke('These bytes are not wanted now.')
}
