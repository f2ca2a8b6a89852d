import { expect, test } from 'vitest'
import { isPast, skipAt } from '#web/player/marks.ts'
import { marksOf } from './marks.ts'

const none = { trimStartMs: null, trimEndMs: null, introStartMs: null, introEndMs: null, creditsMs: null }
const film = (marks: Partial<typeof none | Record<keyof typeof none, number | null>>, durationMs: number | null = 100_000) => ({
  marks: { ...none, ...marks },
  durationMs,
})

test('a film begins, ends and is passed over where its maker says', () => {
  const marks = marksOf(film({ trimStartMs: 5000, trimEndMs: 90_000, introStartMs: 10_000, introEndMs: 20_000, creditsMs: 80_000 }))
  expect(marks).toEqual({ beginS: 5, endS: 90, intro: { fromS: 10, toS: 20 }, creditsS: 80 })
  expect([9, 10, 18.9, 19.5, 79, 80, 89.5].map((atS) => skipAt(marks, atS, 100)?.toS)).toEqual([
    undefined,
    20,
    20,
    undefined,
    undefined,
    90,
    undefined,
  ])
  expect([89, 90, 91].map((atS) => isPast(marks, atS))).toEqual([false, true, true])
})

test('an intro without a beginning begins with the film, credits without an end end with it', () => {
  const marks = marksOf(film({ introEndMs: 20_000, creditsMs: 80_000 }))
  expect(skipAt(marks, 0, 100)).toEqual({ kind: 'intro', toS: 20 })
  expect(skipAt(marks, 85, 100)).toEqual({ kind: 'credits', toS: 100 })
})

test('marks that make no sense count as none', () => {
  const nothing = { beginS: 0, endS: undefined, intro: undefined, creditsS: undefined }
  expect(marksOf({ marks: null, durationMs: 5000 })).toEqual(nothing)
  expect(marksOf(film({ trimStartMs: 200_000, introStartMs: 30_000, introEndMs: 20_000, creditsMs: 300_000 }))).toEqual(nothing)
  expect(marksOf(film({ trimStartMs: 5000, trimEndMs: 5200 })).endS).toBe(undefined)
})
