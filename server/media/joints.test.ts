import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ffmpeg, joinCells } from '#server/testing/films.ts'
import { audioCells, audioSeconds } from './plan/cells.ts'
import { makeInits, openRoom } from './plan/make-plan.ts'
import { audioFramesPerCell, audioRate } from './plan/plan.ts'
import { makeCells } from './run/make-cells.ts'
import { prepareFilm } from './source/prepare.ts'
import { openSeal } from './tool/seal.ts'

const { signal } = new AbortController()
const pitchHz = 997
const filmS = 26
const kept = { start: 0.2, end: filmS - 0.5 }
/** An encoder without a lead-in needs so long to settle. */
const aroundS = 0.1

test('a steady note goes over the joints of cells and of runs as it does between them: no click, no gap', async () => {
  await using seal = await openSeal()
  await using room = await openRoom()
  const source = join(room.folder, 'note.flac')
  // Louder on one side than on the other, so that sides that were mixed up would show as well.
  const note = `aevalsrc='0.5*sin(2*PI*${pitchHz}*t)|0.3*sin(2*PI*${pitchHz}*t)':s=48000:d=${filmS}`
  await ffmpeg(['-v', 'error', '-y', '-f', 'lavfi', '-i', note, source])
  const prepared = await prepareFilm(seal, { source, folder: join(room.folder, 'prepared') }, signal)
  if (prepared.state !== 'ready') throw new Error(prepared.log)
  const { plan } = prepared
  const [row] = plan.audio
  if (!row) throw new Error('no sound')
  const inits = await makeInits(seal, plan, signal)
  const facts = new Map([...inits].map(([name, init]) => [name, init.facts]))
  const parts = [join(room.folder, 'init'), ...Array.from({ length: audioCells(row) }, (_, cell) => join(room.folder, String(cell)))]
  await writeFile(parts[0] ?? '', inits.get(row.name)?.bytes ?? '')
  const made = async ({ cell, bytes }: { cell: number; bytes: Uint8Array }) => await writeFile(parts[cell + 1] ?? '', bytes)
  // The joint of the first two lies within a run, the others between runs.
  for (const cells of [
    { start: 0, end: 2 },
    { start: 2, end: 3 },
    { start: 3, end: audioCells(row) },
  ]) {
    await using own = await openRoom()
    const room = { seal, plan, facts, source: prepared.path, folder: own.folder, signal, made }
    const run = await makeCells(room, { rows: [row.name], cells, leadS: 0.25, threads: 1, isIdle: false, decoders: [] })
    expect({ state: run.end.state, faults: run.faults }).toEqual({ state: 'done', faults: [] })
  }
  const whole = await joinCells(join(room.folder, 'joined.mp4'), parts)
  for (const [side, loudness] of [0.5, 0.3].entries()) {
    const raw = await ffmpeg(['-v', 'error', '-i', whole, '-af', `pan=mono|c0=c${side}`, '-ar', String(audioRate), '-f', 'f32le', 'pipe:1'])
    const off = strayOf(new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length)))
    const joints = Array.from({ length: audioCells(row) - 1 }, (_, cell) => audioSeconds((cell + 1) * audioFramesPerCell))
    expect(joints.length).toBe(3)
    const isNear = (atS: number) => joints.some((joint) => Math.abs(atS - joint) < aroundS)
    const most = (wanted: (atS: number) => boolean) =>
      off.reduce((all, one, n) => (isKept(n / audioRate) && wanted(n / audioRate) ? Math.max(all, one) : all), 0)
    const between = most((atS) => !isNear(atS))
    expect(between).toBeLessThan(loudness / 10)
    expect(most(isNear)).toBeLessThan(Math.max(2 * between, loudness / 100))
  }
}, 300_000)

test('one process cuts as long a run of sound as there is at each of its cells', async () => {
  await using seal = await openSeal()
  await using room = await openRoom()
  const source = join(room.folder, 'note.flac')
  await ffmpeg(['-v', 'error', '-y', '-f', 'lavfi', '-i', `sine=${pitchHz}:r=${audioRate}:d=200`, source])
  const prepared = await prepareFilm(seal, { source, folder: join(room.folder, 'prepared') }, signal)
  if (prepared.state !== 'ready') throw new Error(prepared.log)
  const { plan } = prepared
  const inits = await makeInits(seal, plan, signal)
  const facts = new Map([...inits].map(([name, init]) => [name, init.facts]))
  const sound = plan.audio.map(({ name }) => name)
  await using own = await openRoom()
  const run = { seal, plan, facts, source: prepared.path, folder: own.folder, signal, made: async () => {} }
  const order = { rows: sound, cells: { start: 9, end: 24 }, leadS: 0.25, threads: 1, isIdle: false, decoders: [] }
  const { end, made, faults } = await makeCells(run, order)
  expect({ state: end.state, made, faults }).toEqual({ state: 'done', made: 15, faults: [] })
}, 300_000)

const isKept = (atS: number) => atS > kept.start && atS < kept.end

/** How far each sample lies from what the two before it foretell of a pure note: much where something breaks off. */
function strayOf(samples: Float32Array): Float32Array {
  const turn = 2 * Math.cos((2 * Math.PI * pitchHz) / audioRate)
  return samples.map((one, n) => (n < 2 ? 0 : Math.abs(one - turn * (samples[n - 1] ?? 0) + (samples[n - 2] ?? 0))))
}
