import { expect, test } from 'vitest'
import { createHeldClock } from '#server/testing/held-clock.ts'
import type { TaskRow } from './store.ts'
import { createTelling } from './telling.ts'

test('people hear of bytes once a second and of another state at once; the last word is never lost', async () => {
  const clock = createHeldClock()
  const heard: string[] = []
  const live = { tell: async (people: readonly string[], _: unknown, body: object) => void heard.push(JSON.stringify([people, body])) }
  const changed = createTelling({ live: live as Parameters<typeof createTelling>[0]['live'], clock })
  const row = { id: 7, kind: 'whole', user_id: 'lumiere', parameter: '{"videoId":"v"}', state: 'open', size: 100 } as TaskRow
  const told = (state: string, heldBytes: number) =>
    JSON.stringify([['lumiere'], { taskId: 7, videoId: 'v', state, heldBytes, fileBytes: 100 }])
  const seen = () => heard.splice(0)
  changed({ ...row, held: '0 a' })
  changed({ ...row, held: '0 b' })
  changed({ ...row, held: '0 c' })
  expect(seen()).toEqual([told('open', 10)])
  await clock.advance(1000)
  expect(seen()).toEqual([told('open', 12)])
  changed({ ...row, state: 'paused', held: '0 c' })
  expect(seen()).toEqual([told('paused', 12)])
  changed({ ...row, held: '0 d' })
  changed({ ...row, state: 'verifying', held: '' })
  changed({ ...row, state: 'stored', held: '' })
  expect(seen()).toEqual([told('open', 13), told('verifying', 100), told('stored', 100)])
  changed({ ...row, kind: 'part', id: 8, held: '' })
  await clock.advance(10_000)
  expect([seen(), clock.waiting]).toEqual([[], 0])
})
