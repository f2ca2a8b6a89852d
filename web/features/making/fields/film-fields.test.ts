import { expect, test } from 'vitest'
import { addTags, newFields, toChange } from './film-fields.ts'

test('a film is called what its file is called, without the signs that stand for spaces there', () => {
  const titles = ['The.Long.Road_2024.mkv', '雨天 第一集.mp4', '.mp4', 'no ending', `${'雨'.repeat(250)}.mov`].map(
    (name) => newFields(name).title,
  )
  expect(titles).toEqual(['The Long Road 2024', '雨天 第一集', '.mp4', 'no ending', '雨'.repeat(200)])
  expect(newFields('a.mp4').visibility).toBe('private')
})

test('tags are parted by commas of any script, lose their #, and none comes twice', () => {
  expect(addTags(['雨'], '#夜，城市、雨\nCity,city, ')).toEqual(['雨', '夜', '城市', 'City'])
  expect(addTags([], Array.from({ length: 30 }, (_, i) => `t${i}`).join(','))).toHaveLength(20)
})

test('what has changed is sent, but no empty title, and no hiding behind a password that is not there', () => {
  const fields = { title: ' ', description: 'On the road', tags: ['雨'], visibility: 'password', password: '' } as const
  const all = new Set(['title', 'description', 'tags', 'visibility', 'password'] as const)
  expect(toChange(fields, all, false)).toEqual({ description: 'On the road', tags: ['雨'] })
  expect(toChange(fields, all, true)).toMatchObject({ visibility: 'password' })
  expect(toChange({ ...fields, password: 'lantern' }, all, false)).toMatchObject({ visibility: 'password', password: 'lantern' })
  expect(toChange({ ...fields, title: 'Rain' }, new Set(['title'] as const), false)).toEqual({ title: 'Rain' })
})
