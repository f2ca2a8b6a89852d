import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

const at = (iso: string) => Date.parse(iso)
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString())

/** Every slot in the order in which a clock that walks meets it, and as it looks back from each of them. */
function walk(cron: string, timeZone: string, from: string, to: string): (string | undefined)[] {
  const slots = createSlots({ cron, timeZone }, 'UTC')
  const met: (string | undefined)[] = []
  for (let nextMs = slots.next(at(from)); nextMs !== undefined && nextMs < at(to); nextMs = slots.next(nextMs)) {
    expect(iso(slots.latest(nextMs))).toBe(iso(nextMs))
    expect(iso(slots.latest(nextMs + 999))).toBe(iso(nextMs))
    expect(slots.latest(nextMs - 1)).toBeLessThan(nextMs)
    met.push(iso(nextMs))
  }
  return met
}

test('[C6] a time that does not exist is the next that does, once', () => {
  expect(walk('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-31T00:00Z')).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ])
})

test('[C6] a time that comes twice counts once', () => {
  expect(walk('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-27T00:00Z')).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ])
})

test('[C6] an interval goes through, also where clocks are put back or forward, also by half an hour', () => {
  expect(walk('*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:45Z', '2026-10-25T02:15Z').length).toBe(5)
  expect(walk('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:15Z', '2026-03-29T02:15Z').length).toBe(4)
  expect(walk('0 * * * *', 'Australia/Lord_Howe', '2026-04-04T12:00Z', '2026-04-04T18:00Z').length).toBe(5)
})

test('[C6] a chore keeps the hour of its own zone, whatever the default', () => {
  const slots = createSlots({ cron: '0 4 * * *', timeZone: 'Asia/Taipei' }, 'America/New_York')
  expect(iso(slots.next(at('2026-06-01T00:00Z')))).toBe('2026-06-01T20:00:00.000Z')
  expect(iso(createSlots({ cron: '0 4 * * *' }, 'America/New_York').next(at('2026-06-01T00:00Z')))).toBe('2026-06-01T08:00:00.000Z')
})

test('a calendar that is none is refused at once', () => {
  expect(() => createSlots({ cron: '99 * * * *' }, 'UTC')).toThrow('minute')
  expect(() => createSlots({ cron: '0 * * * *', timeZone: 'Mars/Olympus' }, 'UTC')).toThrow('Mars/Olympus')
})
