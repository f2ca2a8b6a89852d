import { expect, test } from 'vitest'
import type { HomeAnswer } from '#shared/api/feed.ts'
import type { VideoCard } from '#shared/api/videos.ts'
import { joinRows, writeRow } from './written.ts'

const card = (id: string, ownerId: string, title = `Film ${id}`): VideoCard => ({
  ...{ id, title, durationMs: 60_000, views: 1, publishedAt: null, poster: null, state: 'ready', progressMs: null },
  owner: { id: ownerId, username: ownerId, displayName: '', avatar: null } as unknown as VideoCard['owner'],
})
const odd = 'ends in "progressMs":null}],"items":[ \u2028 </script>'
const rows = () => [
  writeRow({ key: 'hot', title: undefined, cards: [card('a', 'ann'), card('b', 'bob', odd)] }),
  writeRow({ key: 'tag:x', title: 'X "and" Y', cards: [card('c', 'bob')] }),
  writeRow({ key: 'new', title: undefined, cards: [] }),
]
const read = (json: string) => JSON.parse(json) as HomeAnswer

test('rows that many share are joined as if they had been written for one', () => {
  const whole = read(joinRows(rows()))
  expect(whole.rows.map(({ key, title, items }) => [key, title, items.map(({ title }) => title)])).toEqual([
    ['hot', undefined, ['Film a', odd]],
    ['tag:x', 'X "and" Y', ['Film c']],
  ])
  expect(whole.rows[0]?.items).toEqual([card('a', 'ann'), card('b', 'bob', odd)])
})

test('whom one has blocked is in no row, where one stopped stands at the film, and others see neither', () => {
  const shared = rows()
  const own = read(joinRows(shared, { blocked: ['ann'], progress: { b: 5000 } }))
  expect(own.rows.map(({ items }) => items.map(({ id, progressMs }) => [id, progressMs]))).toEqual([[['b', 5000]], [['c', null]]])
  expect(own.rows[0]?.items[0]?.title).toBe(odd)
  expect(read(joinRows(shared, { blocked: ['bob'], progress: {} })).rows.map(({ key }) => key)).toEqual(['hot'])
  expect(read(joinRows(shared)).rows[0]?.items.map(({ progressMs }) => progressMs)).toEqual([null, null])
})
