import { expect, test } from 'vitest'
import { chapterAt, neighbourChapter } from '#web/player/chapters.ts'
import { chaptersOf } from './chapters.ts'

const film = (description: string, chapters: { startMs: number; title: string }[] = []) => ({ description, chapters, durationMs: 120_000 })

test('a film has the chapters that it brings, else those that its description lists from the beginning on', () => {
  const lines = 'By the sea.\n0:00 Dawn\n[0:30] - The stairs\n1:00：海湾\nSee 1:10 for more'
  expect(chaptersOf(film(lines))).toEqual([
    { fromS: 0, title: 'Dawn' },
    { fromS: 30, title: 'The stairs' },
    { fromS: 60, title: '海湾' },
  ])
  expect(chaptersOf(film(lines, [{ startMs: 1500, title: 'Own' }]))).toEqual([{ fromS: 1.5, title: 'Own' }])
})

test('a moment that somebody mentions makes no chapter', () => {
  const none = ['', '0:00 Alone', '0:10 Later\n0:20 Than the beginning', '0:00 In\n0:40 No\n0:20 Order', '0:00 Begins\n9:00 After the end']
  expect(none.map((text) => chaptersOf(film(text)))).toEqual(none.map(() => []))
})

test('one goes back to the beginning of a chapter first, and on to the next', () => {
  const chapters = [0, 30, 60].map((fromS) => ({ fromS, title: `from ${fromS}` }))
  expect([0, 29.9, 30, 100].map((atS) => chapterAt(chapters, atS)?.fromS)).toEqual([0, 0, 30, 60])
  expect([10, 31, 45].map((atS) => neighbourChapter(chapters, atS, -1)?.fromS)).toEqual([0, 0, 30])
  expect([0, 30, 60].map((atS) => neighbourChapter(chapters, atS, 1)?.fromS)).toEqual([30, 60, undefined])
  expect(chapterAt([], 5)).toBe(undefined)
})
