import { createHash } from 'node:crypto'
import { audioSpan, type Span, videoSpan } from '../plan/cells.ts'
import { audioFrame, type Plan } from '../plan/plan.ts'
import { readCell, timescaleOf } from './boxes.ts'

/** A row as far as its cells can be checked: the section that begins it, and the ticks of one frame. */
export type RowFacts = { initSha256: string; ticksPerFrame: number; timescale: number }

export function rowFacts(plan: Plan, row: string, init: Uint8Array): RowFacts {
  const timescale = timescaleOf(init)
  const { video } = plan
  const isVideo = video?.rows.some(({ name }) => name === row) ?? false
  const ticksPerFrame = isVideo && video ? (timescale * video.rate.den) / video.rate.num : audioFrame
  return { initSha256: sha256(init), ticksPerFrame, timescale }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function spanOf(plan: Plan, row: string, cell: number): Span | undefined {
  const { video } = plan
  if (video?.rows.some(({ name }) => name === row)) return videoSpan(video, cell)
  const sound = plan.audio.find(({ name }) => name === row)
  return sound && audioSpan(sound, cell)
}

/** Undefined: it holds what it promised. Otherwise what is wrong with it. An exit code proves nothing. */
export function faultOf(plan: Plan, facts: RowFacts, row: string, number: number, cell: Uint8Array): string | undefined {
  const span = spanOf(plan, row, number)
  if (!span) return `there is no row ${row}`
  try {
    const { samples, startTicks } = readCell(cell)
    const wanted = span.end - span.start
    if (samples !== wanted) return `holds ${samples} frames, not ${wanted}`
    if (Math.abs(startTicks - span.start * facts.ticksPerFrame) > 0.5)
      return `begins at ${startTicks}, not ${span.start * facts.ticksPerFrame}`
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
