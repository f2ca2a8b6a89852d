import type { Plan } from '../plan/plan.ts'
import { timeText } from '../subtitles/read-subtitles.ts'

export type Size = { width: number; height: number }

/** The small pictures along a film's time, in sheets. Pure, so that a sheet is a number that any machine can make. */
export type Storyboard = {
  size: Size
  intervalS: number
  count: number
  columns: number
  /** Which pictures are on each sheet. Half-open. */
  sheets: { start: number; end: number; rows: number }[]
  /** Long films show keyframes alone: to decode every picture would cost as much as a row. */
  isKeysOnly: boolean
}

const intervals = [1, 2, 5, 10, 20, 30, 60, 120, 300]
const most = 400
const side = 160
const columns = 10
const perSheet = columns * 10
const decodedS = 60

/** Undefined: there is nothing to see. */
export function planStoryboard({ video, durationMs }: Pick<Plan, 'video' | 'durationMs'>): Storyboard | undefined {
  const top = video?.rows.at(-1)
  if (!top) return undefined
  const durationS = durationMs / 1000
  const intervalS = intervals.find((interval) => durationS / interval <= most) ?? 300
  const count = Math.max(1, Math.ceil(durationS / intervalS))
  const sheets = Array.from({ length: Math.ceil(count / perSheet) }, (_, sheet) => {
    const [start, end] = [sheet * perSheet, Math.min(count, (sheet + 1) * perSheet)]
    return { start, end, rows: Math.ceil((end - start) / columns) }
  })
  return { size: within(top, side), intervalS, count, columns, sheets, isKeysOnly: durationS > decodedS }
}

/** The size that fits into a square, with even sides. */
export function within(size: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(size.width, size.height))
  const even = (length: number) => Math.max(2, Math.round((length * scale) / 2) * 2)
  return { width: even(size.width), height: even(size.height) }
}

/** What players read: which part of which sheet belongs to which time. */
export function storyboardTrack(board: Storyboard, durationMs: number, sheetName: (sheet: number) => string): string {
  const cues = board.sheets.flatMap(({ start, end }, sheet) =>
    Array.from({ length: end - start }, (_, i) => {
      const from = (start + i) * board.intervalS * 1000
      const until = Math.min(durationMs, from + board.intervalS * 1000)
      const { width, height } = board.size
      const place = [(i % board.columns) * width, Math.floor(i / board.columns) * height, width, height]
      return `${timeText(from)} --> ${timeText(Math.max(from + 1, until))}\n${sheetName(sheet)}#xywh=${place.join(',')}\n`
    }),
  )
  return `WEBVTT\n\n${cues.join('\n')}`
}
