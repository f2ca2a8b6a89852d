import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Viewer } from '#server/lib/viewer.ts'
import { joinCells } from './films.ts'
import type { Ground } from './grounds.ts'
import { startMatinee, type TestMatinee, type TestOptions } from './matinee.ts'
import { joinAsOwner } from './visitors.ts'

/** A house with an owner, into which films arrive. */
export async function openFilmStage(ground: Ground, options: TestOptions = {}) {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'matinee-grid-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const matinee: TestMatinee = opened.use(await startMatinee(ground, options))
  const { videos, transcoding, blobs } = matinee.features
  const visitor = await joinAsOwner(matinee)
  const { id } = visitor
  const owner: Viewer = {
    kind: 'person',
    accountId: id,
    username: 'owner',
    role: 'owner',
    sessionId: id,
    via: 'bearer',
    language: 'en',
    timeZone: 'UTC',
    address: '127.0.0.1',
  }
  const away = new AbortController()
  opened.defer(() => away.abort())
  const closing = opened.move()
  return {
    folder,
    matinee,
    visitor,
    owner,
    videos,
    transcoding,
    signal: away.signal,
    stateOf: async (videoId: string) => (await videos.see(owner, videoId)).state,
    async arrive(path: string, ownerId = id) {
      const videoId = await videos.createDraft(ownerId, { title: 'A film' })
      const blob = `sources/${videoId}/1`
      const { sha256 } = await blobs.write(blob, createReadStream(path))
      const { size } = await stat(path)
      const generation = await videos.sourceArrived({ videoId, blob, size, type: 'video/mp4', sha256, fileName: 'film.mp4' })
      return { videoId, generation }
    },
    async rowOf({ videoId, generation }: { videoId: string; generation: number }, row: string, cells: number) {
      const names = ['init.mp4', ...Array.from({ length: cells }, (_, cell) => `${cell}.m4s`)]
      const paths = names.map((name) => join(folder, `${row}-${name}`))
      for (const [i, name] of names.entries())
        await writeFile(paths[i] ?? '', await buffer(blobs.read(`cells/${videoId}/${generation}/${row}/${name}`)))
      return joinCells(join(folder, `${row}.mp4`), paths)
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}
