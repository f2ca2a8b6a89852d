import { type Plan, type VideoPlan, audioRate } from '../plan/plan.ts'
import { seconds } from '../plan/rate.ts'
import type { Size, Storyboard } from '../pictures/storyboard-plan.ts'
import { allowList, sourceName } from './source.ts'
import { stillFilter } from './video.ts'

export const stillFile = 'still.rgb'
const quiet = ['-nostdin', '-v', 'error', '-y']
const input = (words: readonly string[]) => [...quiet, '-copyts', ...words, '-threads', '1', ...allowList(), '-i', sourceName]
const raw = ['-f', 'rawvideo', stillFile]

export type Still = { video: VideoPlan; size: Size; atS: number; count: number; perSecond: number; isKey: boolean }

/** Pictures from a moment on: exactly there, or the keyframe before it, which costs least. */
export function stillWords({ video, size, atS, count, perSecond, isKey }: Still): string[] {
  const seek = atS > 0 ? [...(isKey ? ['-noaccurate_seek'] : []), '-ss', seconds(atS)] : []
  const filter = [...(count > 1 ? [`fps=${perSecond}`] : []), stillFilter(size, video)].join(',')
  return [
    ...input([...(isKey ? ['-skip_frame', 'nokey'] : []), ...seek]),
    ...['-map', `0:${video.stream}`, '-vf', filter, '-frames:v', String(count), '-progress', 'pipe:1', '-nostats', ...raw],
  ]
}

/** The cover of a sound, as it was put into the file. */
export const coverWords = (stream: number, size: Size): string[] => [
  ...input([]),
  ...[
    '-map',
    `0:${stream}`,
    '-vf',
    `scale=${size.width}:${size.height}:force_original_aspect_ratio=decrease,pad=${size.width}:${size.height}:-1:-1,setsar=1,format=rgb24`,
  ],
  ...['-frames:v', '1', ...raw],
]

/** One sheet of small pictures, at equal distances: each the keyframe next to its moment. */
export function sheetWords(plan: Plan & { video: VideoPlan }, board: Storyboard, sheet: number): string[] {
  const { video, origin } = plan
  const { start, end, rows } = board.sheets[sheet] ?? { start: 0, end: 0, rows: 0 }
  const fromS = (start - 1) * board.intervalS
  const filter = [
    `setpts=PTS-(${origin})/TB`,
    `fps=1/${board.intervalS}:round=near${fromS > 0 ? '' : ':start_time=0'}`,
    'tpad=stop=-1:stop_mode=clone',
    `trim=start_pts=${start}:end_pts=${end}`,
    stillFilter(board.size, video),
    `tile=${board.columns}x${rows}`,
  ].join(',')
  const keys = board.isKeysOnly ? ['-skip_frame', 'nokey'] : []
  return [
    ...input([...keys, ...(fromS > 0 ? ['-noaccurate_seek', '-ss', seconds(fromS)] : [])]),
    ...['-map', `0:${video.stream}`, '-vf', filter, '-frames:v', '1', '-progress', 'pipe:1', '-nostats', ...raw],
  ]
}

/** EBU R 128, in one pass over the sound: each line says what was measured up to there. */
export const loudnessWords = (stream: number): string[] => [
  ...input(['-vn']),
  ...['-map', `0:${stream}`, '-af', `aresample=${audioRate},ebur128=metadata=1:peak=sample,ametadata=mode=print:file=pipe\\\\:1`],
  ...['-f', 'null', '-'],
]
