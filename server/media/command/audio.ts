import { audioSpan, type Span } from '../plan/cells.ts'
import { type AudioRow, audioFrame, audioFramesPerCell, audioRate, type Plan } from '../plan/plan.ts'
import { seconds } from '../plan/rate.ts'
import { openSource } from './source.ts'
import { initFile } from './video.ts'

export type AudioRun = { row: AudioRow; cells: Span; decoders: readonly string[] }

/** Frames encoded before the first that is kept, so that the encoder has settled and joints do not click. */
const preRoll = 4
const primingPackets = 1
/** Before a cell’s end, so that it is cut there and not one frame later. Counted from the first cell of a run: over all of them it stays below a frame. */
const earlyS = 0.0004

/** Makes cells of 375 AAC frames, by absolute sample numbers: they join without a gap. */
export function audioRunWords(plan: Plan, run: AudioRun): string[] {
  const start = run.cells.start * audioFramesPerCell
  const { end } = audioSpan(run.row, run.cells.end - 1)
  const first = Math.max(0, start - preRoll) * audioFrame
  const last = (end + 2) * audioFrame
  const dropped = start - first / audioFrame + primingPackets
  const fromS = first / audioRate - 0.5
  const isSought = fromS > 0
  // Gaps are filled and overlaps cut; never stretched: where the resampler begins to stretch, FFmpeg 5 starts its time anew and doubles the sound.
  const filter = [
    `asetpts=PTS-(${plan.origin})/TB`,
    `aresample=${audioRate}:async=1:min_hard_comp=0.015${isSought ? '' : ':first_pts=0'}`,
    `apad`,
    `atrim=start_pts=${first}:end_pts=${last}`,
    `asetnsamples=${audioFrame}`,
  ].join(',')
  return [
    ...openSource({ fromS: isSought ? fromS : 0, decoders: run.decoders, threads: 1 }),
    ...['-map', `0:${run.row.stream}`, '-vn', '-sn', '-dn', '-af', filter, '-progress', 'pipe:1', '-nostats'],
    ...encoderWords(run.row),
    ...['-bsf:a', `noise=drop=lt(n\\,${dropped})+gte(n\\,${dropped + end - start})`],
    ...cellWords(run.row, run.cells),
  ]
}

function encoderWords(row: AudioRow): string[] {
  return [
    ...['-c:a', 'aac', '-b:a', String(row.bitRate), '-ac', String(row.channels), '-ar', String(audioRate)],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-flags', '+bitexact', '-fflags', '+bitexact'],
  ]
}

function cellWords(row: AudioRow, cells: Span): string[] {
  return [
    ...[
      '-avoid_negative_ts',
      'disabled',
      '-f',
      'hls',
      '-hls_time',
      seconds((audioFramesPerCell * audioFrame) / audioRate - earlyS),
      '-hls_playlist_type',
      'vod',
    ],
    ...['-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', initFile(row.name), '-start_number', String(cells.start)],
    ...['-hls_segment_filename', `${row.name}_%d.m4s`, '-hls_flags', 'temp_file', '-hls_segment_options', 'movflags=+cmaf+frag_discont'],
    `${row.name}.m3u8`,
  ]
}

/** The init section of a row of sound, made from silence. */
export function audioInitWords(row: AudioRow): string[] {
  const layout = row.channels === 1 ? 'mono' : 'stereo'
  return [
    ...['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', `anullsrc=r=${audioRate}:cl=${layout}`, '-t', '0.5'],
    ...encoderWords(row),
    ...cellWords(row, { start: 0, end: 1 }),
  ]
}

/** Silence, at the place of a cell. */
export function audioStandInWords(row: AudioRow, cell: number): string[] {
  const { start, end } = audioSpan(row, cell)
  const layout = row.channels === 1 ? 'mono' : 'stereo'
  const first = Math.max(0, start - preRoll)
  const dropped = start - first + primingPackets
  return [
    ...['-nostdin', '-v', 'error', '-y', '-copyts', '-f', 'lavfi', '-i', `anullsrc=r=${audioRate}:cl=${layout}:n=${audioFrame}`],
    ...['-af', `atrim=end_sample=${(end + 2 - first) * audioFrame},asetpts=PTS+${first * audioFrame}`, ...encoderWords(row)],
    ...['-bsf:a', `noise=drop=lt(n\\,${dropped})+gte(n\\,${dropped + end - start})`],
    ...cellWords(row, { start: cell, end: cell + 1 }),
  ]
}
