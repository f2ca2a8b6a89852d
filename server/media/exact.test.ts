import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FilmRecipe, joinCells, makeFilm, readClicks, readNumbers } from '#server/testing/films.ts'
import { audioCells, videoCells } from './plan/cells.ts'
import { makeInits, openRoom, planFilm, readFilm } from './plan/make-plan.ts'
import type { Plan } from './plan/plan.ts'
import { makeCells } from './run/make-cells.ts'
import { openSeal, type Seal } from './tool/seal.ts'

let seal: Seal & AsyncDisposable
beforeAll(async () => {
  seal = await openSeal()
})
afterAll(async () => await seal[Symbol.asyncDispose]())

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '250']
const aac = ['-c:a', 'aac']

type Kind = { title: string; film: Omit<FilmRecipe, 'path'>; file: string }

const kinds: Kind[] = [
  { title: 'MP4', file: 'a.mp4', film: { frames: 250, rate: '24000/1001', output: [...x264, ...aac] } },
  {
    title: 'Matroska with B-frames and open GOPs',
    file: 'b.mkv',
    film: {
      frames: 250,
      rate: '25',
      output: ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '8', '-x264-params', 'open-gop=1:keyint=60', ...aac],
    },
  },
  {
    title: 'WebM with VP9, an odd size',
    file: 'c.webm',
    film: {
      frames: 150,
      rate: '30',
      width: 641,
      height: 359,
      output: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'],
    },
  },
  {
    title: 'AVI with MPEG-4',
    file: 'd.avi',
    film: { frames: 150, rate: '25', output: ['-c:v', 'mpeg4', '-bf', '2', '-q:v', '3', '-c:a', 'mp3'] },
  },
  {
    title: 'fragmented MP4 at 60 frames',
    file: 'e.mp4',
    film: { frames: 300, rate: '60', output: [...x264, ...aac, '-movflags', 'frag_keyframe+empty_moov'] },
  },
  { title: 'film without sound, half a second', file: 'f.mp4', film: { frames: 12, rate: '24', sound: 'none', output: x264 } },
]

describe('every row shows every frame of the grid once, in order', () => {
  test.each(kinds)(
    '$title',
    async ({ file, film }) => {
      const folder = await mkdtemp(join(tmpdir(), 'matinee-exact-'))
      const source = await makeFilm({ ...film, path: join(folder, file) })
      const { plan, rows } = await makeAll(source, folder)
      expect(plan.video && Math.abs(plan.video.frames - film.frames)).toBeLessThanOrEqual(1)
      for (const row of plan.video?.rows ?? []) {
        const shown = await readNumbers(await joinCells(join(folder, `${row.name}.mp4`), rows.get(row.name) ?? []))
        expect(shown).toEqual(await calmNumbers(source, plan))
      }
      for (const { name } of plan.audio) {
        const clicks = await readClicks(await joinCells(join(folder, `${name}.mp4`), rows.get(name) ?? []))
        const expected = await readClicks(source)
        expect(clicks.length).toBe(expected.length)
        // Players drop what an encoder put before the beginning; FFmpeg shifts it into the film when it reads a file without a grid.
        for (const [place, at] of clicks.entries())
          expect(Math.min(Math.abs(at - (expected[place] ?? 0)), Math.abs(at - place - 0.5))).toBeLessThan(0.01)
      }
    },
    120_000,
  )
})

/** What one decoding from the first frame to the last shows on the same grid. */
async function calmNumbers(source: string, plan: Plan): Promise<number[]> {
  if (!plan.video) return []
  const { num, den } = plan.video.rate
  const grid = `setpts=PTS-(${plan.origin})/TB,fps=${num}/${den}:round=near:start_time=0,tpad=stop=-1:stop_mode=clone,trim=end_frame=${plan.video.frames}`
  return await readNumbers(source, ['-copyts'], grid)
}

/** Makes every cell by runs of different lengths, so that joints between cells and between runs are both seen. */
async function makeAll(source: string, folder: string): Promise<{ plan: Plan; rows: Map<string, string[]> }> {
  const signal = new AbortController().signal
  const reading = await readFilm(seal, source, signal)
  if (reading.state !== 'read') throw new Error(reading.log)
  const plan = planFilm(reading.probe)
  if (typeof plan === 'string') throw new Error(plan)
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
        { rows: names, cells: span, leadS: 0.25, threads: 1, isIdle: false, decoders: [] },
      )
      expect({ state: end.state, faults }, end.log).toEqual({ state: 'done', faults: [] })
    }
    for (const name of names) for (let cell = 0; cell < count; cell++) rows.get(name)?.push(cells.get(`${name} ${cell}`) ?? 'missing')
  }
  return { plan, rows }
}

function runsOf(count: number): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = []
  for (let start = 0, length = 2; start < count; length = length === 2 ? 1 : 2) {
    const end = Math.min(start + length, count)
    spans.push({ start, end })
    start = end
  }
  return spans
}
