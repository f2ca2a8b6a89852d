import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RowFacts, rowFacts } from '../cell/check.ts'
import { audioInitWords } from '../command/audio.ts'
import { allowList, sourceName } from '../command/source.ts'
import { initFile, initWords } from '../command/video.ts'
import { initLimits, probeLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool } from '../tool/tool.ts'
import { type Plan, planFilm, type Refusal } from './plan.ts'
import { type Probe, parseProbe, probeWords } from './probe.ts'

export type Reading = { state: 'read'; probe: Probe } | { state: 'unreadable'; why: 'unreadable' | 'codec'; log: string }

/** [T1] Asks what a file is. A file that FFmpeg can not open, or with a decoder that is not opened here, is an answer, not an error. */
export async function readFilm(seal: Seal, source: string, signal: AbortSignal): Promise<Reading> {
  await using room = await openRoom()
  const lines: string[] = []
  const onLine = (line: string) => void lines.push(line)
  const words = [...allowList(), ...probeWords(sourceName)]
  const end = await runTool(seal, { program: 'ffprobe', words, folder: room.folder, source, limits: probeLimits, signal, onLine })
  if (end.state === 'aborted') throw signal.reason
  if (end.state !== 'done')
    return {
      state: 'unreadable',
      why: /Codec \(.*\) not on whitelist/.test(end.log) ? 'codec' : 'unreadable',
      log: `${end.state} ${end.log}`,
    }
  return { state: 'read', probe: parseProbe(lines.join('\n')) }
}

export type Inits = Map<string, { bytes: Uint8Array; facts: RowFacts }>

/** Makes the init section of every row, before any cell: a player asks for them first, and cells are checked against them. */
export async function makeInits(seal: Seal, plan: Plan, signal: AbortSignal): Promise<Inits> {
  await using room = await openRoom()
  const jobs = [...(plan.video ? [initWords(plan.video, plan.video.rows)] : []), ...plan.audio.map(audioInitWords)]
  // At once, for somebody waits; all have ended before the room is given up.
  const limits = initLimits(plan.video?.rows ?? [])
  const ends = await Promise.all(jobs.map((words) => runTool(seal, { program: 'ffmpeg', words, folder: room.folder, limits, signal })))
  for (const end of ends) {
    if (end.state === 'aborted') throw signal.reason
    if (end.state !== 'done') throw new Error(`no init section could be made: ${end.state} ${end.log}`)
  }
  const inits: Inits = new Map()
  for (const { name } of [...(plan.video?.rows ?? []), ...plan.audio]) {
    const bytes = await readFile(join(room.folder, initFile(name)))
    inits.set(name, { bytes, facts: rowFacts(plan, name, bytes) })
  }
  return inits
}

export async function openRoom(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), `matinee-run-${process.pid}-`))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

export { planFilm, type Refusal }
