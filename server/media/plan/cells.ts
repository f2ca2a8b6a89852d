import { audioFrame, audioFramesPerCell, type AudioRow, audioRate, type VideoPlan } from './plan.ts'

/** One cell: output frames of a row, by absolute numbers. Half-open. */
export type Span = { start: number; end: number }

export const videoCells = (plan: Pick<VideoPlan, 'frames' | 'framesPerCell'>): number => Math.ceil(plan.frames / plan.framesPerCell)
export const audioCells = (row: Pick<AudioRow, 'frames'>): number => Math.ceil(row.frames / audioFramesPerCell)

export function videoSpan(plan: Pick<VideoPlan, 'frames' | 'framesPerCell'>, cell: number): Span {
  const start = cell * plan.framesPerCell
  return { start, end: Math.min(start + plan.framesPerCell, plan.frames) }
}

export function audioSpan(row: Pick<AudioRow, 'frames'>, cell: number): Span {
  const start = cell * audioFramesPerCell
  return { start, end: Math.min(start + audioFramesPerCell, row.frames) }
}

export const videoSeconds = (plan: Pick<VideoPlan, 'rate'>, frames: number): number => (frames * plan.rate.den) / plan.rate.num
export const audioSeconds = (frames: number): number => (frames * audioFrame) / audioRate
