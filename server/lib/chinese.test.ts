import { expect, test } from 'vitest'
import { openChinese } from './chinese.ts'

test('traditional characters become the simplified ones, place by place', async () => {
  const { simplify } = await openChinese()
  expect(simplify('流浪地球')).toBe('流浪地球')
  expect(simplify('電影與後來的龍 abc 😀')).toBe('电影与后来的龙 abc 😀')
  const mixed = '臺灣國語𠮷野家'
  expect([...simplify(mixed)]).toHaveLength([...mixed].length)
})

test('a character is known by all its readings, and what is no character by none', async () => {
  const { readings } = await openChinese()
  expect(readings('重').toSorted()).toEqual(['chong', 'zhong'])
  expect(readings('行')).toEqual(expect.arrayContaining(['xing', 'hang']))
  expect(readings('旅')).toEqual(['lv', 'lu'])
  expect([readings('a'), readings('。'), readings('😀'), readings('')]).toEqual([[], [], [], []])
})
