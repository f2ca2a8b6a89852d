import { expect, test } from 'vitest'
import type { Flying } from '#web/player/danmaku/flying.ts'
import { arrive, flightOf, merge, sayingOf, withdraw } from './flight.ts'

const flying = (id: string, atMs: number): Flying => ({
  id,
  atMs,
  text: id,
  mode: 'scroll',
  color: '#ffffff',
  size: 'normal',
  count: 1,
  by: 'anna',
  isOwn: false,
})

test('what comes by packets and by the line stands once, in the order of its moments', () => {
  expect(merge([flying('b', 20), flying('a', 10)], [flying('c', 15), flying('a', 10)]).map(({ id }) => id)).toEqual(['a', 'c', 'b'])
  const told: string[] = []
  flightOf('one').arrivals.add(({ id }) => told.push(id))
  arrive('one', flying('x', 5), true)
  arrive('one', flying('x', 5), true)
  arrive('one', flying('y', 1), false)
  expect(
    flightOf('one')
      .store.get()
      .items.map(({ id }) => id),
  ).toEqual(['y', 'x'])
  expect(told).toEqual(['x'])
  withdraw('one', 'x')
  withdraw('one', 'x')
  expect([flightOf('one').store.get().total, flightOf('one').store.get().items.length]).toEqual([1, 1])
})

test('what says the same while it still flies makes its number grow; one’s own flies by itself', () => {
  const { store, arrivals } = flightOf('two')
  const told: string[] = []
  arrivals.add(({ id, count }) => told.push(`${id} ${count}`))
  const say = (id: string, text: string, atMs: number, more: Partial<Flying> = {}) =>
    arrive('two', { ...flying(id, atMs), text, ...more }, true)
  say('a', '前方高能', 1000)
  say('b', '前方高能！！', 1500)
  say('b', '前方高能！！', 1500)
  say('c', '前方高能', 1600, { mode: 'top' })
  say('d', '前方高能', 1700, { isOwn: true })
  say('e', '前方高能', 20_000)
  expect(told).toEqual(['a 1', 'a 2', 'c 1', 'd 1', 'e 1'])
  expect([store.get().items.length, store.get().total]).toEqual([4, 5])
  // Taken back, by whoever said it first too: one less, once; and gone with the last.
  told.length = 0
  const [all] = [store.get().total]
  for (const id of ['a', 'a', 'b', 'b', 'nobody’s']) withdraw('two', id)
  expect(told).toEqual(['a 1'])
  expect([store.get().items.map(({ id }) => id), store.get().total]).toEqual([['c', 'd', 'e'], all - 2])
  expect(['哈哈哈哈！', '哈', 'HA ha', '2333', '？？', '前方高能前方高能'].map(sayingOf)).toEqual([
    '哈',
    '哈',
    'ha',
    '23',
    '？？',
    '前方高能',
  ])
})
