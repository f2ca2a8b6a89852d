import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { videoCells } from '../../../server/media/plan/cells.ts'
import { makeInits, openRoom } from '../../../server/media/plan/make-plan.ts'
import type { Plan, VideoPlan } from '../../../server/media/plan/plan.ts'
import { makeCells } from '../../../server/media/run/make-cells.ts'
import { prepareFilm } from '../../../server/media/source/prepare.ts'
import type { Seal } from '../../../server/media/tool/seal.ts'
import { ffmpeg } from '../../../server/testing/films.ts'

type Facts = Awaited<ReturnType<typeof makeInits>>
export type Ladder = { seal: Seal; source: string; plan: Plan & { video: VideoPlan }; inits: Facts }

const { signal } = new AbortController()

export async function openLadder(seal: Seal, source: string, folder: string): Promise<Ladder> {
  const prepared = await prepareFilm(seal, { source, folder }, signal)
  if (prepared.state !== 'ready' || !prepared.plan.video) throw new Error('the clip of the bench is no film')
  const { plan } = prepared
  return { seal, source: prepared.path, plan: { ...plan, video: prepared.plan.video }, inits: await makeInits(seal, plan, signal) }
}

export const cellsOf = ({ plan }: Ladder) => videoCells(plan.video)

/** All rows of pictures of some cells, as a worker makes them: one thread, decoded once. Every cell is checked on the way. */
export async function makeRows(ladder: Ladder, cells: { start: number; end: number }, into?: Map<string, Map<number, Uint8Array>>) {
  const { seal, source, plan, inits } = ladder
  await using room = await openRoom()
  const facts = new Map([...inits].map(([name, init]) => [name, init.facts]))
  const rows = plan.video.rows.map(({ name }) => name)
  const made = async ({ row, cell, bytes }: { row: string; cell: number; bytes: Uint8Array }) => {
    const kept = into?.get(row) ?? new Map<number, Uint8Array>()
    into?.set(row, kept.set(cell, bytes))
  }
  const order = { rows, cells, leadS: 0.25, threads: 1, isIdle: false, decoders: [] }
  const { end, faults } = await makeCells({ seal, plan, facts, source, folder: room.folder, signal, made }, order)
  if (end.state !== 'done' || faults.length > 0) throw new Error(`${end.state} ${JSON.stringify(faults)} ${end.log}`)
}

/** One file a row out of what was made. */
export async function writeRows(ladder: Ladder, made: ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>, folder: string) {
  await mkdir(folder, { recursive: true })
  for (const [row, cells] of made) {
    const parts = [...cells].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)
    await writeFile(join(folder, `${row}.mp4`), Buffer.concat([ladder.inits.get(row)?.bytes ?? new Uint8Array(), ...parts]))
  }
}

/** What anybody would type: plain FFmpeg, the same encoder and rates. One process for all rows, or for one. */
export async function plainRows({ source, plan }: Ladder, folder: string, { rows, crf }: { rows?: readonly string[]; crf?: number } = {}) {
  await mkdir(folder, { recursive: true })
  const { video } = plan
  const chosen = video.rows.filter(({ name }) => !rows || rows.includes(name))
  const split = `[0:v]split=${chosen.length}${chosen.map((_, i) => `[s${i}]`).join('')}`
  const scaled = chosen.map((row, i) => `[s${i}]scale=${row.width}:${row.height}:flags=bicubic,format=yuv420p[o${i}]`)
  const outputs = chosen.flatMap((row, i) => [
    ...['-map', `[o${i}]`, '-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-crf', String(crf ?? row.crf)],
    ...['-maxrate', String(row.maxRate), '-bufsize', String(row.maxRate * 2), '-g', String(video.framesPerCell)],
    ...['-force_key_frames', `expr:eq(mod(n,${video.framesPerCell}),0)`, '-threads', '1', join(folder, `${row.name}.mp4`)],
  ])
  await ffmpeg(['-v', 'error', '-y', '-threads', '1', '-i', source, '-filter_complex', [split, ...scaled].join(';'), ...outputs])
}
