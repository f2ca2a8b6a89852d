import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { Problem } from '#server/lib/problem.ts'
import { openRoom } from '#server/media/plan/make-plan.ts'
import { probeLimits } from '#server/media/tool/limits.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import { runTool } from '#server/media/tool/tool.ts'
import type { Blobs } from '#server/ports/blobs.ts'

/** Without the tools nothing can be said about a film: it waits. */
export async function demandTools(seal: Seal, signal: AbortSignal): Promise<void> {
  await using room = await openRoom()
  for (const program of ['ffprobe', 'ffmpeg'] as const) {
    const end = await runTool(seal, { program, words: ['-version'], folder: room.folder, limits: probeLimits, signal })
    if (end.state === 'aborted') throw signal.reason
    if (end.state !== 'done') throw new Problem('unavailable', 'transcoding.no_ffmpeg', { cause: end.log })
  }
}

/** What one run may need besides the store's own reserve. */
const runBytes = 128 * 2 ** 20

/** Where space runs low nothing new is begun: the film waits, and goes on by itself. */
export async function demandSpace(blobs: Pick<Blobs, 'freeBytes'>, scratchBytes = 0): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir())
  const free = Math.min(bavail * bsize - scratchBytes, (await blobs.freeBytes()) ?? Number.POSITIVE_INFINITY)
  if (free < runBytes) throw new Problem('full', 'transcoding.no_space')
}
