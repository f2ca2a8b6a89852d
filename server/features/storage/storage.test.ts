import { expect, test } from 'vitest'
import { openS3Blobs } from '#server/adapters/blobs/s3-blobs.ts'
import { systemClock } from '#server/adapters/clock/system-clock.ts'
import { createCapturedLog } from '#server/testing/captured-log.ts'
import { describeWith } from '#server/testing/grounds.ts'
import { startMatinee } from '#server/testing/matinee.ts'
import { openS3 } from '#server/testing/parts/s3.ts'
import { createStorageService } from './service.ts'

const hourMs = 3_600_000
const log = createCapturedLog()
const { signal } = new AbortController()

describeWith('s3')('uploads in parts whose writer is gone', () => {
  test('[F21] are swept when a day has passed, parts and all, and what is being written is left alone', async () => {
    await using s3 = await openS3()
    const blobs = await openS3Blobs({ ...s3, clock: systemClock, log })
    const { remote } = blobs
    if (!remote) throw new Error('not behind a line')
    try {
      const at = (ms: number) =>
        createStorageService({ blobs, log, isWanted: async () => false, clock: { ...systemClock, now: () => Date.now() + ms } })
      for (const name of ['sources/killed', 'sources/unheard']) {
        const upload = await remote.openParts(name)
        if (name === 'sources/killed') await remote.writePart(name, upload, 1, new Uint8Array(remote.minPartBytes))
      }
      const begun = async () => (await Array.fromAsync(remote.listUploads({ startedBeforeMs: Date.now() + hourMs }))).length
      expect(await at(0).sweepUploads(signal)).toBe(0)
      expect(await at(23 * hourMs).sweepUploads(signal)).toBe(0)
      expect(await begun()).toBe(2)
      expect(await at(25 * hourMs).sweepUploads(signal)).toBe(2)
      expect(await begun()).toBe(0)
      expect(await at(25 * hourMs).sweepUploads(signal)).toBe(0)
    } finally {
      await blobs.close()
    }
  })
})

test('the sweeping is a chore of every house, and finds nothing to do on a disk', async () => {
  await using matinee = await startMatinee('embedded')
  const { kinds, recurring } = matinee.features.storage.doors.jobs
  expect(matinee.features.jobs).toContain(matinee.features.storage.doors.jobs)
  expect(kinds.map(({ name }) => name)).toEqual(expect.arrayContaining(recurring.map(({ task }) => task.kind)))
  expect(await matinee.features.storage.sweepUploads(signal)).toBe(0)
})
