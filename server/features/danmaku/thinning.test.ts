import { expect, test } from 'vitest'
import { openChinese } from '#server/lib/chinese.ts'
import type { Danmaku } from '#shared/api/danmaku.ts'
import { heatOf } from './heat.ts'
import { mergeAlike } from './merge.ts'
import { thin } from './thin.ts'

const one = (text: string, atMs: number, more: Partial<Danmaku> = {}): Danmaku => ({
  ...{ id: `${atMs}-${text}`, atMs, text, mode: 'scroll', color: '#ffffff', size: 'normal', likes: 0, count: 1, by: 'x' },
  ...more,
})

test('what sounds the same, in either script and however often, becomes one with a count; what differs stays', async () => {
  const said = ['哈哈哈', '哈哈哈哈哈哈', '哈哈!!', '牛逼', '牛B', '淚目', '泪目', '累目', '前方高能', '前方高能前方高能', '233', '23333']
  const merged = mergeAlike(
    said.map((text, i) => one(text, i * 100, { likes: 1 })),
    await openChinese(),
  )
  const counts = Object.fromEntries(merged.map(({ text, count }) => [text, count]))
  expect(counts).toEqual({ 哈哈哈: 3, 牛逼: 1, 牛B: 1, 淚目: 3, 前方高能: 2, 233: 2 })
  expect(merged.find(({ text }) => text === '淚目')?.likes).toBe(3)
  const apart = mergeAlike([one('好', 0), one('好', 15_000), one('好', 1000, { mode: 'top' })], await openChinese())
  expect(apart.map(({ count }) => count)).toEqual([1, 1, 1])
})

test('thinning keeps the most telling of each second, in order, the same ones each time', () => {
  const many = Array.from({ length: 300 }, (_, i) =>
    one(`t${i}`, Math.floor(i / 100) * 1000 + (i % 100) * 10, { likes: i % 100 === 42 ? 9 : 0 }),
  )
  for (const [density, perSecond] of [
    ['sparse', 4],
    ['normal', 12],
  ] as const) {
    const kept = thin(many, density)
    expect(kept).toHaveLength(3 * perSecond)
    expect(kept.map(({ atMs }) => atMs)).toEqual(kept.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
    expect(kept.filter(({ likes }) => likes === 9)).toHaveLength(3)
    expect(thin(many.toReversed().toReversed(), density)).toEqual(kept)
  }
  expect(thin(many.slice(0, 3), 'sparse')).toEqual(many.slice(0, 3))
})

test('heat is a hundred numbers up to 100, empty where nothing is said, and spreads over a short film', () => {
  expect(heatOf([], 60_000)).toEqual([])
  const heat = heatOf([{ slot: 30, count: 50 }], 60_000)
  expect([heat.length, Math.max(...heat), heat[0], heat[50]]).toEqual([100, 100, 0, 100])
  expect(new Set(heatOf([{ slot: 0, count: 3 }], 1000))).toEqual(new Set([100]))
})
