import { expect, test } from 'vitest'
import type { Plan } from '#server/media/plan/plan.ts'
import { cellCounts, cellsWithin, runsOf, servedRun } from './runs.ts'

const row = (name: string, height: number) => ({ name, width: (height * 16) / 9, height, crf: 22, maxRate: 1_000_000 })
/** Ten minutes in cells of four seconds, with sound in cells of eight. */
const plan: Plan = {
  version: 1,
  durationMs: 600_000,
  origin: '0',
  video: {
    ...{ stream: 0, rate: { num: 25, den: 1 }, frames: 15_000, framesPerCell: 100, isInterlaced: false, tone: 'sdr', endS: 600 },
    rows: [row('v360', 360), row('v720', 720)],
  },
  audio: [
    { name: 'a0', stream: 1, language: 'und', title: '', channels: 2, bitRate: 160_000, isDefault: true, frames: Math.ceil(600 * 46.875) },
  ],
}
const all = [...cellCounts(plan).values()].reduce((sum, count) => sum + count, 0)

test('[G12] every policy makes the beginning of the low row and the sound at once, for whoever looks first', () => {
  for (const policy of ['eager', 'lazy', 'auto'] as const) {
    const [low, sound] = runsOf(plan, policy).runs
    expect(low).toEqual({ rows: ['v360'], cells: { start: 0, end: 8 }, isIdle: false, atS: 0 })
    expect(sound).toEqual({ rows: ['a0'], cells: { start: 0, end: 4 }, isIdle: false, atS: 0 })
  }
})

test('[G12] `lazy` makes nothing else unasked, `auto` is ready with it and goes on in idle time, `eager` is ready with everything', () => {
  const [lazy, auto, eager] = (['lazy', 'auto', 'eager'] as const).map((policy) => runsOf(plan, policy))
  expect([lazy?.runs.length, lazy?.promised]).toEqual([2, 2])
  expect([auto?.promised, auto && cellsWithin(auto.runs, auto.runs.length)]).toEqual([2, all])
  expect([eager?.promised, eager && cellsWithin(eager.runs, eager.promised)]).toEqual([eager?.runs.length, all])
  for (const policy of [auto, eager]) expect(policy?.runs.slice(2).every(({ isIdle }) => isIdle)).toBe(true)
})

test('[G12] the rest is made from the beginning to the end, all rows of pictures by one process, in runs that are cheap and not long', () => {
  const rest = runsOf(plan, 'auto').runs.slice(2)
  expect(rest.map(({ atS }) => atS)).toEqual(rest.map(({ atS }) => atS).toSorted((a, b) => a - b))
  for (const { rows, cells } of rest) {
    expect(rows).toEqual(rows[0] === 'a0' ? ['a0'] : ['v360', 'v720'])
    expect(cells.end - cells.start).toBeLessThanOrEqual(rows[0] === 'a0' ? 15 : 5)
  }
})

test('a viewer is given what the film has: cells beyond its end, and rows that it lacks, are nobody’s run', () => {
  expect(servedRun(plan, ['v720', 'v1080'], { start: 149, end: 151 })).toMatchObject({ rows: ['v720'], cells: { start: 149, end: 150 } })
  expect([servedRun(plan, ['v720'], { start: 150, end: 152 }), servedRun(plan, ['v1080'], { start: 0, end: 1 })]).toEqual([
    undefined,
    undefined,
  ])
})
