import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createChance } from '#server/lib/seed.ts'
import { onePiece } from '#server/lib/one-piece.ts'
import { times } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee } from '#server/testing/matinee.ts'
import { joinAsOwner } from '#server/testing/visitors.ts'

const chance = createChance(18)
const signal = AbortSignal.timeout(600_000)

async function arrive({ features }: TestMatinee, ownerId: string) {
  const bytes = Uint8Array.from({ length: chance.whole(50, 3000) }, () => chance.whole(0, 255))
  const videoId = await features.videos.createDraft(ownerId, { title: 'A film' })
  const blob = `sources/${videoId}/${randomUUID()}`
  const { sha256, size } = await features.blobs.write(blob, onePiece(bytes))
  await features.videos.sourceArrived({ videoId, blob, size, sha256, type: 'video/mp4', fileName: 'a.mp4' })
  return { videoId, blob, bytes }
}

test('[F18] every bit that has flipped in a source is found by the weekly look, and so is a source cut short or gone; what is whole is not complained of', async () => {
  await using matinee = await startMatinee('embedded', { without: ['worker', 'scheduler'] })
  const { features } = matinee
  const { id } = await joinAsOwner(matinee)
  const look = (videoId: string) => features.storage.scrub.look({ videoId }, { signal })
  for (let n = 0; n < times(25, 100); n++) {
    const { videoId, blob, bytes } = await arrive(matinee, id)
    await look(videoId)
    const at = chance.whole(0, bytes.length - 1)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.whole(0, 7))
    await features.blobs.delete([blob])
    await features.blobs.write(blob, onePiece(bytes))
    await expect(look(videoId)).rejects.toThrow(`${blob} is not what arrived any more`)
  }
  const short = await arrive(matinee, id)
  await features.blobs.delete([short.blob])
  await features.blobs.write(short.blob, onePiece(short.bytes.subarray(1)))
  await expect(look(short.videoId)).rejects.toThrow('not what arrived')
  const gone = await arrive(matinee, id)
  await features.blobs.delete([gone.blob])
  await expect(look(gone.videoId)).rejects.toThrow('is gone')
  await look('nothing of the kind')
}, 300_000)

test('every source is walked through, page by page, and what is wrong is seen by admins', async () => {
  await using matinee = await startMatinee('embedded', { without: ['worker'] })
  const owner = await joinAsOwner(matinee)
  const films = [await arrive(matinee, owner.id), await arrive(matinee, owner.id), await arrive(matinee, owner.id)]
  const { sources } = matinee.features.videos
  const first = await sources.list(undefined, 2)
  expect([...first, ...(await sources.list(first.at(-1), 2))]).toEqual(films.map(({ videoId }) => videoId))
  await matinee.features.blobs.delete([films[1]?.blob ?? ''])
  await expect
    .poll(async () => (await owner.call('POST', '/api/admin/chores/storage.scrub/run')).status, { timeout: 60_000 })
    .toBeLessThan(300)
  const parked = async () => JSON.stringify((await owner.call('GET', '/api/admin/tasks?state=parked')).json)
  await expect.poll(parked, { timeout: 60_000 }).toContain(`${films[1]?.blob} is gone`)
}, 300_000)
