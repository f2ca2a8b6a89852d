import { expect, test } from 'vitest'
import { beginningOf } from './begin.ts'

const film = (progressMs: number | null, durationMs: number | null = 600_000) => ({ progressMs, durationMs })
const none = new URLSearchParams()

test('a film begins where one stopped, unless that was hardly anywhere or nearly the end', () => {
  expect(beginningOf(film(null), none)).toEqual({ startMs: 0, isResumed: false })
  expect(beginningOf(film(4999), none)).toEqual({ startMs: 0, isResumed: false })
  expect(beginningOf(film(300_000), none)).toEqual({ startMs: 300_000, isResumed: true })
  expect(beginningOf(film(590_000), none)).toEqual({ startMs: 0, isResumed: false })
  expect(beginningOf(film(300_000, null), none)).toEqual({ startMs: 300_000, isResumed: true })
})

test('a link says where, and comes first', () => {
  expect(beginningOf(film(300_000), new URLSearchParams('t=1:30'))).toEqual({ startMs: 90_000, isResumed: false })
  expect(beginningOf(film(300_000), new URLSearchParams('t=0'))).toEqual({ startMs: 0, isResumed: false })
  expect(beginningOf(film(300_000), new URLSearchParams('t=soon'))).toEqual({ startMs: 300_000, isResumed: true })
})
