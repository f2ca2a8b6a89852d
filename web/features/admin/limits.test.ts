import { expect, test } from 'vitest'
import type { Settings } from '#shared/api/admin.ts'
import { changesOf, limits } from './limits.ts'

const values: Settings = {
  siteName: 'Matinee',
  signUp: 'open',
  requireSecondFactor: 'nobody',
  sessionLifeMs: 30 * 86_400_000,
  failuresPerAccount: 10,
  failuresPerAddress: 100,
  failureWindowMs: 15 * 60_000,
  streams: 64,
  streamsPerPerson: 4,
  simpleUploadBytes: 50 * 2 ** 20,
  requestsPerMinute: 600,
}
const shown = Object.fromEntries(limits.map(({ name, toShown }) => [name, String(toShown(values[name]))]))

test('a form sent as it was born changes nothing', () => {
  expect(changesOf(shown, values)).toEqual({})
})

test('what people write in days, minutes and MiB is sent in milliseconds and bytes', () => {
  expect(changesOf({ ...shown, sessionLifeMs: '7', failureWindowMs: '0.5', simpleUploadBytes: '100' }, values)).toEqual({
    sessionLifeMs: 7 * 86_400_000,
    failureWindowMs: 30_000,
    simpleUploadBytes: 100 * 2 ** 20,
  })
})

test('a session of hours keeps its length through a form that shows it rounded', () => {
  expect(changesOf({ ...shown, sessionLifeMs: '0.17' }, { ...values, sessionLifeMs: 4 * 3_600_000 })).toEqual({})
})

test('what is no number is left for the server to name', () => {
  expect(changesOf({ ...shown, streams: '' }, values)).toEqual({ streams: '' })
})
