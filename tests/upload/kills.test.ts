import { describe, test } from 'vitest'
import { describeWith, isLong } from '#server/testing/grounds.ts'
import { onDisk, onS3, settingsOf } from './kill-grounds.ts'
import { killAgainAndAgain, type Moment } from './kill-rounds.ts'

/** Three hundred kills; most of the time passes in starting anew. */
const timeout = 5_400_000
const short: { files: number; moments: Moment[] } = { files: 1, moments: ['blocks', 'end'] }
const full: { files: number; moments: Moment[] } = {
  files: 50,
  moments: ['opening', 'blocks', 'blocks', 'end', 'end', 'telling'],
}

describe('A component that is killed holds what it answered, whenever that was, makes each file whole, and tells of each', () => {
  test('[U7] [U8] [F1] on SQLite and the disk', { timeout }, async () => {
    const states = ['none', 'open', 'verifying', 'verified', 'stored, being told', 'stored, told']
    await killAgainAndAgain(() => onDisk(), isLong ? { ...full, mustFind: states } : short)
  })

  describeWith(
    'mariadb',
    'redis',
    's3',
  )('and with other parts', () => {
    const few = isLong ? { ...full, files: 6 } : { files: 1, moments: ['end'] satisfies Moment[] }
    test('[U7] [U8] [F1] on MariaDB and S3', { timeout }, async () => {
      await killAgainAndAgain(async () => onS3(await settingsOf('database', 'redis', 'blobs')), few)
    })

    // Each of these parts has been tried by now.
    if (!isLong) return
    test('[U7] [U8] [F1] on MariaDB and the disk', { timeout }, async () => {
      await killAgainAndAgain(async () => onDisk(await settingsOf('database')), few)
    })
    test('[U7] [U8] [F1] on SQLite and S3', { timeout }, async () => {
      await killAgainAndAgain(async () => onS3(await settingsOf('blobs')), few)
    })
  })
})
