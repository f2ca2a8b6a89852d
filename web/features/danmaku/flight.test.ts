import { expect, test } from 'vitest'
import type { Flying } from '#web/player/danmaku/flying.ts'
import { arrive, flightOf, merge, withdraw } from './flight.ts'

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
