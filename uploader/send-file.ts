import { type BlockAnswer, LineBroke, openBlockLine, type UploadTask } from './block-line.ts'
import { bytesOf, nextBlock, type Range, without } from './ranges.ts'

export type Source = { size: number; read(range: Range): Promise<Uint8Array<ArrayBuffer>> }
export type SendOptions = {
  source: Source
  task: UploadTask
  signal?: AbortSignal
  blockBytes?: number
  parallel?: number
  /** How long a line may stay broken before the file is given up, in tries in a row. */
  tries?: number
  request?: typeof fetch
  onHeld?: (heldBytes: number) => void
}

/** Sends what the server still wants, until it wants nothing: begun anew it goes on where it was. */
export async function sendFile(options: SendOptions): Promise<void> {
  const { source, task, signal = new AbortController().signal, parallel = 4, tries = 12 } = options
  const line = openBlockLine(task, options.request)
  for (let failures = 0; ; ) {
    signal.throwIfAborted()
    try {
      const missing = await line.missing(signal)
      options.onHeld?.(source.size - bytesOf(missing))
      if (missing.length === 0) return
      await sendAll({ ...options, line, signal, parallel, missing, taken: () => (failures = 0) })
    } catch (error) {
      if (!(error instanceof LineBroke) || ++failures >= tries) throw error
      await pause(error.retryAfterMs ?? Math.random() * Math.min(30_000, 250 * 2 ** failures), signal)
    }
  }
}

type Round = SendOptions & {
  line: ReturnType<typeof openBlockLine>
  signal: AbortSignal
  parallel: number
  missing: Range[]
  taken(): void
}

async function sendAll(round: Round): Promise<void> {
  const { source, line, signal, blockBytes = 4 * 1024 * 1024 } = round
  let { missing } = round
  let heldBytes = source.size - bytesOf(missing)
  const ended = new AbortController()
  const stop = AbortSignal.any([signal, ended.signal])
  const lane = async () => {
    for (let block = nextBlock(missing, source.size, blockBytes); block; block = nextBlock(missing, source.size, blockBytes)) {
      missing = without(missing, block)
      const answer = await line.send(block, await source.read(block), stop)
      judge(answer)
      round.taken()
      heldBytes += block.end - block.start
      round.onHeld?.(heldBytes)
    }
  }
  const lanes = Array.from({ length: round.parallel }, () =>
    lane().catch((error: unknown) => {
      ended.abort(error)
      throw error
    }),
  )
  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected')
  signal.throwIfAborted()
  if (failed) throw ended.signal.reason
}

function judge(answer: BlockAnswer): void {
  // upload-protocol, 2: another connection brings those bytes; what is wanted is asked for anew.
  if (answer.kind === 'elsewhere') throw new LineBroke('Another connection brings these bytes.')
  if (answer.kind === 'refused') throw new Error(answer.why)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  })
}
