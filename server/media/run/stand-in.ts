import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { faultOf, type RowFacts } from '../cell/check.ts'
import { audioStandInWords } from '../command/audio.ts'
import { cellFile, videoStandInWords } from '../command/video.ts'
import { openRoom } from '../plan/make-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { initLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool } from '../tool/tool.ts'

/** In place of a cell that can not be made: black frames, or silence, of its length and at its time, so that the film plays around it. */
export async function makeStandIn(
  seal: Seal,
  place: { plan: Plan; facts: RowFacts; row: string; cell: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { plan, facts, row, cell } = place
  await using room = await openRoom()
  const end = await runTool(seal, {
    program: 'ffmpeg',
    words: wordsOf(plan, row, cell),
    folder: room.folder,
    limits: initLimits(plan.video?.rows ?? []),
    signal,
  })
  if (end.state === 'aborted') throw signal.reason
  if (end.state !== 'done') throw new Error(`no stand-in could be made: ${end.state} ${end.log}`)
  const bytes = await readFile(join(room.folder, cellFile(row, cell)))
  const fault = faultOf(plan, facts, row, cell, bytes)
  if (fault !== undefined) throw new Error(`the stand-in ${fault}`)
  return bytes
}

function wordsOf(plan: Plan, name: string, cell: number): string[] {
  const sound = plan.audio.find((row) => row.name === name)
  if (sound) return audioStandInWords(sound, cell)
  const row = plan.video?.rows.find((one) => one.name === name)
  if (!plan.video || !row) throw new Error(`there is no row ${name}`)
  return videoStandInWords(plan.video, row, cell)
}
