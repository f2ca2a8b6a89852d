import { expect, test } from 'vitest'
import { matchPage, paramsOf } from './match-page.ts'

test.each([
  ['/', '/', {}],
  ['/login', '/login', {}],
  ['/login', '/login/', {}],
  ['/@:username', '/@ada', { username: 'ada' }],
  ['/@:username', '/@%E9%BB%84%E8%93%89', { username: '黄蓉' }],
  ['/@:username', '/@a%2Fb', { username: 'a/b' }],
  ['/settings/:section?', '/settings', {}],
  ['/settings/:section?', '/settings/language', { section: 'language' }],
])('%s takes %s', (pattern, path, params) => {
  expect(paramsOf(pattern, path)).toEqual(params)
})

test.each([
  ['/login', '/logins'],
  ['/login', '/login/more'],
  ['/@:username', '/@'],
  ['/@:username', '/ada'],
  ['/@:username', '/@%E9%BB'],
  ['/', '/login'],
])('%s leaves %s to others', (pattern, path) => {
  expect(paramsOf(pattern, path)).toBeUndefined()
})

test('what no page takes is a problem', () => {
  expect(matchPage('/nowhere?at=all').entry.name).toBe('problem')
})
