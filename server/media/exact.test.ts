import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filmKinds, makeKind } from '#server/testing/film-kinds.ts'
import { joinCells, readClicks, readNumbers } from '#server/testing/films.ts'
import { isLong } from '#server/testing/grounds.ts'
import { audioCells, videoCells } from './plan/cells.ts'
import { makeInits, openRoom } from './plan/make-plan.ts'
import type { Plan } from './plan/plan.ts'
import { makeCells } from './run/make-cells.ts'
import { prepareFilm } from './source/prepare.ts'
import { openSeal, type Seal } from './tool/seal.ts'

let seal: Seal & AsyncDisposable
beforeAll(async () => {
  seal = await openSeal()
})
afterAll(async () => await seal[Symbol.asyncDispose]())

const kinds = isLong ? filmKinds : filmKinds.filter(({ isQuick }) => isQuick)

describe('every row shows every frame of the grid once, in order', () => {
  test.each(kinds)('$title', { timeout: 300_000 }, async (kind) => {
    await using room = await openRoom()
    const source = await makeKind(kind, room.folder)
    const { plan, path, rows } = await makeAll(source, room.folder, kind.leadS ?? 0.25)
    if (plan.video && !kind.isBent) expect(Math.abs(plan.video.frames - kind.film.frames)).toBeLessThanOrEqual(2)
    const calm = await calmNumbers(path, plan)
    for (const row of plan.video?.rows ?? []) {
      const shown = await readNumbers(await joinCells(join(room.folder, `${row.name}.mp4`), rows.get(row.name) ?? []))
      expect(shown).toEqual(calm)
      // Beside the one decoding, which could be wrong in the same way: what was written into the film.
      if (!kind.isBent) expect(new Set(shown).size).toBeGreaterThanOrEqual(kind.film.frames - 2)
      if (!kind.isBent) expect(shown).toEqual(shown.toSorted((a, b) => a - b))
    }
    for (const { name } of plan.audio) {
      const clicks = await readClicks(await joinCells(join(room.folder, `${name}.mp4`), rows.get(name) ?? []))
      const calmClicks = await calmMoments(path, plan, name)
      if (plan.durationMs > 1000) expect(clicks.length).toBeGreaterThan(0)
      expect(clicks.length).toBe(calmClicks.length)
      for (const [place, at] of clicks.entries()) {
        expect(Math.abs(at - (calmClicks[place] ?? 0))).toBeLessThan(0.005)
        expect(Math.abs(at - place - (kind.firstClickS ?? 0.5))).toBeLessThan(kind.isPrimed ? 0.07 : 0.02)
      }
    }
  })
})

/** What one decoding from the first frame to the last shows on the same grid. */
async function calmNumbers(source: string, plan: Plan): Promise<number[]> {
  if (!plan.video) return []
  const { num, den } = plan.video.rate
  const grid = `setpts=PTS-(${plan.origin})/TB,fps=${num}/${den}:round=near:start_time=0,tpad=stop=-1:stop_mode=clone,trim=end_frame=${plan.video.frames}`
  return await readNumbers(source, ['-copyts'], grid)
}

/** The clicks of one decoding from beginning to end, on the film's own time. */
async function calmMoments(source: string, plan: Plan, row: string): Promise<number[]> {
  const stream = plan.audio.find(({ name }) => name === row)?.stream ?? 0
  const grid = `asetpts=PTS-(${plan.origin})/TB,aresample=48000:async=1:min_hard_comp=0.015:first_pts=0,apad,atrim=end=${plan.durationMs / 1000},aformat=channel_layouts=stereo,volume=3`
  return await readClicks(source, ['-copyts'], ['-map', `0:${stream}`, '-af', grid])
}

/** Makes every cell by runs of different lengths, so that joints between cells and between runs are both seen. */
async function makeAll(from: string, folder: string, leadS: number): Promise<{ plan: Plan; path: string; rows: Map<string, string[]> }> {
  const signal = new AbortController().signal
  const prepared = await prepareFilm(seal, { source: from, folder: join(folder, 'prepared') }, signal)
  if (prepared.state !== 'ready') throw new Error(`${prepared.why} ${prepared.log}`)
  const { plan, path: source } = prepared
  const inits = await makeInits(seal, plan, signal)
  const facts = new Map([...inits].map(([name, init]) => [name, init.facts]))
  const rows = new Map<string, string[]>()
  for (const [name, { bytes }] of inits) {
    const path = join(folder, `${name}_init`)
    await writeFile(path, bytes)
    rows.set(name, [path])
  }
  const cells = new Map<string, string>()
  const made = async (cell: { row: string; cell: number; bytes: Uint8Array }) => {
    const path = join(folder, `${cell.row}_${cell.cell}`)
    await writeFile(path, cell.bytes)
    cells.set(`${cell.row} ${cell.cell}`, path)
  }
  const groups = [
    ...(plan.video ? [{ names: plan.video.rows.map(({ name }) => name), count: videoCells(plan.video) }] : []),
    ...plan.audio.map((row) => ({ names: [row.name], count: audioCells(row) })),
  ]
  for (const { names, count } of groups) {
    for (const span of runsOf(count)) {
      await using room = await openRoom()
      const { end, faults } = await makeCells(
        { seal, plan, facts, source, folder: room.folder, signal, made },
        { rows: names, cells: span, leadS, threads: 1, isIdle: false, decoders: [] },
      )
      expect({ state: end.state, faults }, end.log).toEqual({ state: 'done', faults: [] })
    }
    for (const name of names) for (let cell = 0; cell < count; cell++) rows.get(name)?.push(cells.get(`${name} ${cell}`) ?? 'missing')
  }
  return { plan, path: source, rows }
}

/** Of one cell and of five: what a long run adds up is seen too. */
function runsOf(count: number): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = []
  for (let start = 0, length = 1; start < count; length = length === 1 ? 5 : 1) {
    const end = Math.min(start + length, count)
    spans.push({ start, end })
    start = end
  }
  return spans
}
