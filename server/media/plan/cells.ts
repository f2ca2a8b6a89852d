import { audioFrame, audioFramesPerCell, type AudioRow, audioRate, type Plan, type VideoPlan } from './plan.ts'

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

/** Every row with the number of its cells: what progress counts. */
export function rowsOf(plan: Plan): { name: string; kind: 'video' | 'audio'; cells: number }[] {
  const { video } = plan
  const pictures = video ? video.rows.map(({ name }) => ({ name, kind: 'video' as const, cells: videoCells(video) })) : []
  return [...pictures, ...plan.audio.map((row) => ({ name: row.name, kind: 'audio' as const, cells: audioCells(row) }))]
}

/** The cell that plays at a moment. */
export function cellAt(plan: Plan, row: string, atMs: number): number {
  const { video } = plan
  if (video?.rows.some(({ name }) => name === row)) {
    const frame = Math.floor((atMs / 1000) * (video.rate.num / video.rate.den))
    return Math.max(0, Math.min(Math.floor(frame / video.framesPerCell), videoCells(video) - 1))
  }
  const sound = plan.audio.find(({ name }) => name === row)
  const frame = Math.floor(((atMs / 1000) * audioRate) / audioFrame)
  return sound ? Math.max(0, Math.min(Math.floor(frame / audioFramesPerCell), audioCells(sound) - 1)) : 0
}
