import { expect, test } from 'vitest'
import { between } from './use-chosen.ts'

test('the shift key takes what lies between, upwards and downwards, and one alone where the other end is gone', () => {
  const all = ['a', 'b', 'c', 'd']
  expect(between(all, 'b', 'd')).toEqual(['b', 'c', 'd'])
  expect(between(all, 'd', 'b')).toEqual(['b', 'c', 'd'])
  expect(between(all, undefined, 'c')).toEqual(['c'])
  expect(between(all, 'gone', 'c')).toEqual(['c'])
})
