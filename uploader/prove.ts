import { type BlockLine, openBlockLine, type UploadTask, type Wanted } from './block-line.ts'
import { UploadFailure } from './failure.ts'
import { type Hashes, plainHashes } from './hashes.ts'
import { bytesOf, type Range, without } from './ranges.ts'
import type { Source } from './source.ts'

const proofBytes = 16 * 1024

type Proving = { source: Source; line: BlockLine; hashes: Hashes; signal: AbortSignal }

/** upload-protocol, "Any order": overlapping bytes that differ from those held are refused. So three samples of what is held tell. */
export async function demandSame({ source, line, hashes, signal }: Proving, { missing }: Wanted): Promise<void> {
  if (missing.length === 0) return
  const held = missing.reduce<Range[]>((ranges, gone) => without(ranges, gone), [{ start: 0, end: source.size }])
  const chosen = new Set([held[0], held[held.length >> 1], held.at(-1)])
  for (const range of chosen) {
    if (!range) continue
    const sample = { start: Math.max(range.start, range.end - proofBytes), end: range.end }
    const bytes = await source.read(sample)
    const answer = await line.send({ range: sample, bytes, md5: await hashes.block(bytes) }, signal)
    if (typeof answer === 'object') throw new UploadFailure('changed', answer.refused)
  }
}

type Asked = { source: Source; task: UploadTask; hashes?: Hashes; request?: typeof fetch; signal: AbortSignal }

/**
 * Whether a task that was begun somewhere else is about this file: known by what the server holds of it. Of an `empty` one bytes tell
 * nothing. One that was paused stays so where it is about another file.
 */
export async function compareBegun({
  source,
  task,
  hashes = plainHashes,
  request = fetch,
  signal,
}: Asked): Promise<'same' | 'other' | 'empty'> {
  const line = openBlockLine(task, request)
  const wanted = await line.wanted(signal)
  if (wanted.missing.length === 0) return 'other'
  if (bytesOf(wanted.missing) === source.size) return 'empty'
  if (wanted.isPaused) await line.tell({ status: 'upload' }, signal)
  try {
    await demandSame({ source, line, hashes, signal }, wanted)
    return 'same'
  } catch (error) {
    if (!(error instanceof UploadFailure)) throw error
    if (wanted.isPaused) await line.tell({ status: 'pause' }, signal)
    return 'other'
  }
}
