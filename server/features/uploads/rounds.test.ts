import { expect, test } from 'vitest'
import { Rounds } from './rounds.ts'

test('blocks that come while a sync is under way share the next one; other files do not wait for it', async () => {
  const done: string[] = []
  const held = Promise.withResolvers<void>()
  const rounds = new Rounds<string, string>(async (items) => {
    if (items.includes('first')) await held.promise
    done.push(items.join(' '))
  })
  const first = rounds.add('film', 'first')
  const others = ['a', 'b', 'c'].map((item) => rounds.add('film', item))
  await rounds.add('another film', 'x')
  expect(done).toEqual(['x'])
  held.resolve()
  await Promise.all([first, ...others])
  expect(done).toEqual(['x', 'first', 'a b c'])
})

test('a sync that fails is the failure of those that shared it, and of no others', async () => {
  const held = Promise.withResolvers<void>()
  const rounds = new Rounds<string, string>(async (items) => {
    await held.promise
    if (items.includes('bad')) throw new Error('no room')
  })
  const outcomes = ['first', 'bad', 'beside it'].map((item) => rounds.add('film', item))
  held.resolve()
  expect((await Promise.allSettled(outcomes)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  await rounds.add('film', 'after it')
})
