import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allowList, sourceName } from '../command/source.ts'
import { openRoom } from '../plan/make-plan.ts'
import type { SubtitleStream } from '../plan/probe.ts'
import { repackageLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool } from '../tool/tool.ts'
import { subtitleCaps } from './cue.ts'

/** How each kind of text comes out of a film as it is; only what MP4 keeps in boxes must be written anew. */
const outputs: Readonly<Record<string, { format: string; codec: string }>> = {
  subrip: { format: 'srt', codec: 'copy' },
  srt: { format: 'srt', codec: 'copy' },
  ass: { format: 'ass', codec: 'copy' },
  ssa: { format: 'ass', codec: 'copy' },
  webvtt: { format: 'webvtt', codec: 'copy' },
  mov_text: { format: 'srt', codec: 'srt' },
  text: { format: 'srt', codec: 'srt' },
}

/** A track of texts inside a film, as a file that `readSubtitles` understands. Undefined: it could not be taken out. */
export async function takeTexts(
  seal: Seal,
  film: { source: string; sizeBytes: number; stream: SubtitleStream; origin: string },
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const output = outputs[film.stream.codec]
  if (!output) return undefined
  await using room = await openRoom()
  const words = [
    ...['-nostdin', '-v', 'error', '-y', '-copyts', ...allowList(), '-i', sourceName],
    ...['-map', `0:${film.stream.index}`, '-c:s', output.codec, '-output_ts_offset', `${-Number(film.origin)}`],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-progress', 'pipe:1', '-nostats', '-f', output.format, 'texts'],
  ]
  // The whole film is read to find its texts: as long as a copy, and a file as small as texts are.
  const limits = { ...repackageLimits(film.sizeBytes), fileBytes: 2 * subtitleCaps.bytes }
  const end = await runTool(seal, { program: 'ffmpeg', words, folder: room.folder, source: film.source, limits, isIdle: true, signal })
  if (end.state === 'aborted') throw signal.reason
  return await readFile(join(room.folder, 'texts')).catch(() => undefined)
}
