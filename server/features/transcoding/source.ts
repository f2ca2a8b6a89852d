import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '#server/lib/problem.ts'
import { openRoom } from '#server/media/plan/make-plan.ts'
import type { Blobs } from '#server/ports/blobs.ts'

/** The original as a file of this machine: FFmpeg never gets a network. Where it lies elsewhere a copy is here until it is closed. */
export async function openSource(blobs: Blobs, name: string, signal: AbortSignal): Promise<{ path: string } & AsyncDisposable> {
  if (!(await blobs.find(name))) throw new Problem('not_found', 'blobs.not_found')
  if (blobs.local) return { path: blobs.local.pathOf(name), [Symbol.asyncDispose]: async () => {} }
  await using opened = new AsyncDisposableStack()
  const room = opened.use(await openRoom())
  const path = join(room.folder, 'original')
  await pipeline(Readable.from(blobs.read(name, { signal }), { objectMode: false }), createWriteStream(path), { signal })
  const closing = opened.move()
  return { path, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}
