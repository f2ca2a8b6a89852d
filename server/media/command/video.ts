import { type Span, videoSeconds, videoSpan } from '../plan/cells.ts'
import type { VideoRow } from '../plan/ladder.ts'
import type { Plan, VideoPlan } from '../plan/plan.ts'
import { rateText, seconds } from '../plan/rate.ts'
import { type Entry, openSource } from './source.ts'

/** A run: consecutive cells of some rows, decoded once. */
export type VideoRun = { rows: readonly VideoRow[]; cells: Span; leadS: number; threads: number; decoders: readonly string[] }

/** Files of a run, relative to its room. */
export const cellFile = (row: string, cell: number): string => `${row}_${cell}.m4s`
export const initFile = (row: string): string => `${row}_init.mp4`

/** Makes the cells one after the other; each appears whole under its name as soon as it is done. */
export function videoRunWords(plan: Plan & { video: VideoPlan }, run: VideoRun): string[] {
  const { video } = plan
  const span = spanOf(video, run.cells)
  const fromS = videoSeconds(video, span.start) - run.leadS
  const entry: Entry = { fromS, decoders: run.decoders, threads: run.threads }
  const filter = `[0:${video.stream}]${gridFilter(plan, span, fromS > 0)}${fanOut(run.rows, video.tone)}`
  const outputs = run.rows.flatMap((row, place) => [
    ...['-map', `[o${place}]`],
    ...encoderWords(video, row, run.threads),
    ...cellWords(video, row, run.cells, span),
  ])
  return [...openSource(entry), ...['-filter_complex', filter, '-progress', 'pipe:1', '-nostats'], ...outputs]
}

const spanOf = (video: VideoPlan, cells: Span): Span => ({
  start: videoSpan(video, cells.start).start,
  end: videoSpan(video, cells.end - 1).end,
})

/** From the source's pictures to exactly the frames of the span, by absolute number on the constant rate. */
function gridFilter(plan: Plan & { video: VideoPlan }, span: Span, isSought: boolean): string {
  const { video, origin } = plan
  const isAtEnd = videoSeconds(video, span.end) > video.endS - 1
  return [
    ...(video.isInterlaced ? ['bwdif=mode=send_frame:deint=interlaced'] : []),
    `setpts=PTS-(${origin})/TB`,
    // A late first picture is shown from the beginning; only where nothing was sought.
    `fps=${rateText(video.rate)}:round=near${isSought ? '' : ':start_time=0'}`,
    // The last picture is held to the end. Elsewhere that would hide a source that is too short.
    ...(isAtEnd ? ['tpad=stop=-1:stop_mode=clone'] : []),
    `trim=start_pts=${span.start}:end_pts=${span.end}`,
  ].join(',')
}

/** One decoding for all rows, each scaled from the source. */
function fanOut(rows: readonly VideoRow[], tone: VideoPlan['tone']): string {
  if (rows.length === 1 && rows[0]) return `,${scale(rows[0], tone)}[o0]`
  const split = `,split=${rows.length}${rows.map((_, place) => `[s${place}]`).join('')}`
  return [split, ...rows.map((row, place) => `[s${place}]${scale(row, tone)}[o${place}]`)].join(';')
}

type Size = { width: number; height: number }

/** As a picture for a screen: red, green and blue of eight bits. */
export const stillFilter = (size: Size, video: Pick<VideoPlan, 'tone' | 'isInterlaced'>): string =>
  [
    ...(video.isInterlaced ? ['bwdif=mode=send_frame:deint=interlaced'] : []),
    video.tone === 'sdr' ? `scale=${size.width}:${size.height}:flags=bicubic` : darken(size, transfer[video.tone]),
    'setsar=1,format=rgb24',
  ].join(',')

const transfer = { pq: 'smpte2084', hlg: 'arib-std-b67' }

const scale = (row: VideoRow, tone: VideoPlan['tone']) => (tone === 'sdr' ? scalePlain(row) : `${darken(row, transfer[tone])},setsar=1`)

/** From more light than a screen has to what it has. Made small first: the curve costs by the pixel. What the source leaves unsaid is said for it. */
const darken = (row: Size, from: string) =>
  [
    `scale=${row.width}:${row.height}:flags=bicubic,format=yuv420p10le`,
    `zscale=tin=${from}:pin=bt2020:min=bt2020nc:rin=tv:t=linear:npl=100,format=gbrpf32le`,
    'zscale=p=bt709,tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv,format=yuv420p',
  ].join(',')

const scalePlain = (row: VideoRow) =>
  `scale=${row.width}:${row.height}:flags=bicubic:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p`

const colourWords = [
  '-color_primaries',
  'bt709',
  '-color_trc',
  'bt709',
  '-colorspace',
  'bt709',
  '-color_range',
  'tv',
  '-chroma_sample_location',
  'left',
]

function encoderWords(video: Pick<VideoPlan, 'framesPerCell'>, row: VideoRow, threads: number): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-pix_fmt', 'yuv420p', ...colourWords],
    ...['-crf', String(row.crf), '-maxrate', String(row.maxRate), '-bufsize', String(row.maxRate * 2)],
    ...['-g', String(video.framesPerCell), '-force_key_frames', `expr:eq(mod(n,${video.framesPerCell}),0)`],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-flags', '+bitexact', '-fflags', '+bitexact'],
    ...(threads > 0 ? ['-threads', String(threads)] : []),
  ]
}

function cellWords(video: VideoPlan, row: VideoRow, cells: Span, span: Span): string[] {
  return [
    ...['-frames:v', String(span.end - span.start), '-avoid_negative_ts', 'disabled', '-f', 'hls'],
    ...['-hls_time', seconds(cutLengthS(video, cells)), '-hls_playlist_type', 'vod'],
    ...['-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', initFile(row.name), '-start_number', String(cells.start)],
    ...['-hls_segment_filename', `${row.name}_%d.m4s`, '-hls_flags', 'temp_file', '-hls_segment_options', 'movflags=+cmaf+frag_discont'],
    `${row.name}.m3u8`,
  ]
}

/** A little under the cell's length, because the muxer compares floats; by less than a frame for all cells together, because it adds these lengths up, and the encoder may put a keyframe just before a cell's. */
function cutLengthS(video: VideoPlan, cells: Span): number {
  return videoSeconds(video, video.framesPerCell) - (0.4 * videoSeconds(video, 1)) / (cells.end - cells.start)
}

/** The init section of a row without the film: as many black frames as make one, through the same encoder and muxer. */
export function initWords(video: VideoPlan, rows: readonly VideoRow[]): string[] {
  return [
    ...['-nostdin', '-v', 'error', '-y'],
    ...rows.flatMap((row) => ['-f', 'lavfi', '-i', `color=black:s=${row.width}x${row.height}:r=${rateText(video.rate)}`]),
    ...rows.flatMap((row, place) => [
      ...['-map', `${place}:v`, '-vf', 'scale=out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p', ...encoderWords(video, row, 1)],
      ...cellWords(video, row, { start: 0, end: 1 }, { start: 0, end: Math.min(12, video.framesPerCell) }),
    ]),
  ]
}

/** Black, at the place of a cell. */
export function videoStandInWords(video: VideoPlan, row: VideoRow, cell: number): string[] {
  const span = videoSpan(video, cell)
  return [
    ...[
      '-nostdin',
      '-v',
      'error',
      '-y',
      '-copyts',
      '-f',
      'lavfi',
      '-i',
      `color=black:s=${row.width}x${row.height}:r=${rateText(video.rate)}`,
    ],
    ...[
      '-vf',
      `setpts=PTS+${span.start},scale=out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p`,
      ...encoderWords(video, row, 1),
    ],
    ...cellWords(video, row, { start: cell, end: cell + 1 }, span),
  ]
}
