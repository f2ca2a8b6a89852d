import { expect, test } from 'vitest'
import { createRecentRows } from './recent-rows.ts'
import type { VideoRow } from './store.ts'

test('[ST1] a row that was read a moment ago serves all who ask for it; what has changed is read anew at once, and everything after half a second', async () => {
  let nowMs = 0
  let reads = 0
  let visibility: VideoRow['visibility'] = 'public'
  const find = (id: string) => Promise.resolve({ id, visibility, generation: ++reads } as VideoRow)
  const rows = createRecentRows(find, { monotonicMs: () => nowMs })
  expect(await Promise.all([rows.find('a'), rows.find('a')])).toMatchObject([{ visibility: 'public' }, { visibility: 'public' }])
  expect(reads).toBe(1)
  visibility = 'private'
  rows.forget('a')
  expect(await rows.find('a')).toMatchObject({ visibility: 'private' })
  visibility = 'members'
  nowMs = 499
  expect(await rows.find('a')).toMatchObject({ visibility: 'private' })
  nowMs = 500
  expect(await rows.find('a')).toMatchObject({ visibility: 'members' })
  expect(reads).toBe(3)
})

test('a row that could not be read is asked for again', async () => {
  let isAway = true
  const rows = createRecentRows(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(undefined)), { monotonicMs: () => 0 })
  await expect(rows.find('a')).rejects.toThrow('away')
  isAway = false
  expect(await rows.find('a')).toBeUndefined()
})
