import { expect, test } from 'vitest'
import { mentionsIn, namesIn, timesIn } from './marks.ts'

test('a mention is the longest name that is somebody’s', () => {
  const accounts = new Map([
    ['ann', 'a'],
    ['王小', 'w'],
    ['王小明', 'x'],
    ['j.doe', 'j'],
  ])
  const found = (text: string) =>
    mentionsIn(namesIn(text), (name) => accounts.get(name.toLowerCase())).map(({ start, end, accountId }) => [
      accountId,
      text.slice(start, end),
    ])
  expect(found('@ann and @王小明你好, @j.doe.')).toEqual([
    ['a', '@ann'],
    ['x', '@王小明'],
    ['j', '@j.doe'],
  ])
  expect(found('@Ann')).toEqual([['a', '@Ann']])
  expect(found('post@ann.example, @annual, @nobody, @@ann, @')).toEqual([])
  expect(namesIn('@ab '.repeat(1000))).toHaveLength(10)
})

test('a moment of the film is found, and nothing that only looks like one', () => {
  const found = (text: string, durationMs: number | null = null) =>
    timesIn(text, durationMs).map(({ start, end, atMs }) => [text.slice(start, end), atMs])
  expect(found('at 1:02 and 01:02:03,0:00')).toEqual([
    ['1:02', 62_000],
    ['01:02:03', 3_723_000],
    ['0:00', 0],
  ])
  expect(found('1:2 12:60 1:02:03:04 3.12:30 16:9')).toEqual([])
  expect(found('1:02 and 9:59', 100_000)).toEqual([['1:02', 62_000]])
  expect(found('1:02 '.repeat(1000))).toHaveLength(50)
})
