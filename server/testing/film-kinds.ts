import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { ffmpeg, type FilmRecipe, makeFilm, makePictures } from './films.ts'

/** A kind of file that people really have, made by FFmpeg. */
export type FilmKind = {
  title: string
  file: string
  film: Omit<FilmRecipe, 'path'>
  /** A second pass: words of FFmpeg, where IN stands for the film. */
  again?: readonly string[]
  /** Frames of a picture that moves, instead of a film: how long each is shown, in turn. */
  delays?: readonly number[]
  /** How much of the file is kept. */
  keep?: number
  /** What is written over in the file as it was made. */
  spoil?: (bytes: Buffer) => void
  /** When the first click is heard. */
  firstClickS?: number
  /** What the film shows is not every number once, in order: rates differ, or times were bent. Else it must be. */
  isBent?: boolean
  /** Its container can not say what the encoder of sound put before the beginning. */
  isPrimed?: boolean
  /** Belongs to the short set. */
  isQuick?: boolean
  leadS?: number
}

export async function makeKind(kind: FilmKind, folder: string): Promise<string> {
  const path = join(folder, kind.file)
  if (kind.delays) return await makePictures({ path, frames: kind.film.frames, delays: kind.delays })
  const first = kind.again ? join(dirname(path), `first${extname(path) === '.webm' ? '.webm' : '.mkv'}`) : path
  await makeFilm({ width: 320, height: 180, ...kind.film, path: first })
  if (kind.again) await ffmpeg(['-v', 'error', '-y', ...kind.again.map((word) => (word === 'IN' ? first : word)), path])
  if (kind.spoil) {
    const bytes = await readFile(path)
    kind.spoil(bytes)
    await writeFile(path, bytes)
  }
  if (kind.keep !== undefined) await truncate(path, Math.floor((await stat(path)).size * kind.keep))
  return path
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '250']
const aac = ['-c:a', 'aac']
const copy = ['-map', '0', '-c', 'copy']
const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '3', '-g', '15']
const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=50', '-pix_fmt', 'yuv420p10le']
const deep = (pixels: string) => ['-vf', `scale=320:180:flags=neighbor,format=${pixels}`]
const film = (output: readonly string[], more: Partial<FilmRecipe> = {}) => ({ frames: 225, rate: '25', output, ...more })
const hdr = (transfer: string) => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-color_primaries', 'bt2020'],
  ...[
    '-color_trc',
    transfer,
    '-colorspace',
    'bt2020nc',
    '-x265-params',
    `log-level=error:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc`,
  ],
]
/** Frames as they are, with times that jump: gaps of 2.5 s after every fiftieth. */
const gaps = ['-vf', "scale=320:180:flags=neighbor,format=yuv420p,setpts='(N+62*floor(N/50))/25/TB'", '-fps_mode', 'vfr']

const larger: FilmKind[] = [
  {
    title: 'MP4',
    file: 'a.mp4',
    isQuick: true,
    film: { frames: 250, rate: '24000/1001', width: 640, height: 360, output: [...x264, ...aac] },
  },
  {
    title: 'Matroska with B-frames and open GOPs',
    file: 'b.mkv',
    isQuick: true,
    film: film(['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '8', '-x264-params', 'open-gop=1:keyint=60', ...aac]),
  },
  {
    title: 'WebM with VP9, an odd size',
    file: 'c.webm',
    isQuick: true,
    film: {
      ...film(['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus']),
      frames: 150,
      width: 321,
      height: 181,
    },
  },
  {
    title: 'AVI with MPEG-4',
    file: 'd.avi',
    isPrimed: true,
    isQuick: true,
    film: film(['-c:v', 'mpeg4', '-bf', '2', '-q:v', '3', '-c:a', 'mp3'], { frames: 150 }),
  },
  {
    title: 'fragmented MP4 at 60 frames',
    file: 'e.mp4',
    isPrimed: true,
    isQuick: true,
    film: film([...x264, ...aac, '-movflags', 'frag_keyframe+empty_moov'], { frames: 300, rate: '60' }),
  },
  { title: 'film without sound, half a second', file: 'f.mp4', isQuick: true, film: film(x264, { frames: 12, rate: '24', sound: 'none' }) },
]

const containers: FilmKind[] = [
  { title: 'MPEG-TS', file: 'g.ts', isQuick: true, film: film([...x264, '-bf', '2', ...aac]) },
  { title: 'M2TS with HEVC', file: 'h.m2ts', film: film([...x265, '-c:a', 'ac3']) },
  { title: 'MPEG-TS with MPEG-2', file: 'i.ts', film: film([...mpeg2, '-c:a', 'mp2']) },
  { title: 'a program stream (VOB)', file: 'j.vob', film: film([...mpeg2, '-c:a', 'ac3', '-f', 'vob']) },
  {
    title: 'QuickTime with ProRes',
    file: 'k.mov',
    film: film(['-c:v', 'prores_ks', '-profile:v', '0', '-c:a', 'pcm_s16le'], { filters: deep('yuv422p10le') }),
  },
  { title: 'FLV', file: 'l.flv', film: film([...x264, ...aac]) },
  { title: 'Windows Media', file: 'm.wmv', film: film(['-c:v', 'wmv2', '-q:v', '3', '-c:a', 'wmav2']) },
  { title: 'Ogg with Theora', file: 'n.ogv', film: film(['-c:v', 'libtheora', '-q:v', '9', '-c:a', 'libvorbis']) },
  { title: 'MXF', file: 'o.mxf', film: film([...mpeg2, '-c:a', 'pcm_s16le']) },
  { title: '3GP', file: 'p.3gp', film: film([...x264, ...aac]) },
  { title: 'AV1 in MP4', file: 'q.mp4', film: film(['-c:v', 'libsvtav1', '-preset', '12', '-g', '50', ...aac]) },
  {
    title: 'a browser recording: no index, no duration',
    file: 'r.webm',
    isPrimed: true,
    film: film(['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus']),
    again: ['-i', 'IN', ...copy, '-f', 'webm', '-live', '1'],
    isQuick: true,
  },
  { title: 'GIF', file: 's.gif', film: film([], { sound: 'none', frames: 60, rate: '10' }) },
  { title: 'animated WebP', file: 't.webp', delays: [40], isQuick: true, film: film([], { sound: 'none', frames: 110 }) },
  { title: 'animated WebP, unevenly', file: 'u.webp', delays: [40, 120], isBent: true, film: film([], { sound: 'none', frames: 60 }) },
]

/** Everything but the numbers changes a frame before each cell begins: encoders put a keyframe there. */
const cuts = ['color=white', 'color=black'].map((shade, turn) =>
  [0, 120].map((y) => `drawbox=y=${y}:h=60:w=320:t=fill:${shade}:enable='eq(mod(floor((n+1)/100),2),${turn})'`).join(','),
)

/** In its head, and nowhere else: no tag says better. */
function lengthenMatroska(bytes: Buffer, by: number): void {
  const at = bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3
  bytes.writeDoubleBE(bytes.readDoubleBE(at) * by, at)
  for (let tag = bytes.indexOf('DURATION'); tag >= 0; tag = bytes.indexOf('DURATION')) bytes.write('NOTHING!', tag)
}

/** AVI tells it of the film and of each stream. */
function lengthenAvi(bytes: Buffer, by: number): void {
  const scale = (at: number) => void bytes.writeUInt32LE(Math.round(bytes.readUInt32LE(at) * by), at)
  scale(bytes.indexOf('avih') + 24)
  for (let at = bytes.indexOf('strh'); at >= 0; at = bytes.indexOf('strh', at + 1)) scale(at + 40)
}

const times: FilmKind[] = [
  {
    title: 'a cut just before each cell',
    file: 'gl.mp4',
    isQuick: true,
    film: film([...x264, ...aac], { frames: 500, filters: ['-vf', `scale=320:180:flags=neighbor,format=yuv420p,${cuts.join(',')}`] }),
  },
  {
    title: 'gaps of two seconds and a half',
    file: 'ga.mp4',
    isBent: true,
    isQuick: true,
    film: film(x264, { sound: 'none', filters: gaps }),
  },
  {
    title: 'one keyframe only',
    file: 'gb.mp4',
    film: film(['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '9999', '-sc_threshold', '0', ...aac], { frames: 500 }),
  },
  {
    title: 'intra refresh',
    file: 'gc.mkv',
    leadS: 30,
    film: film(['-c:v', 'libx264', '-preset', 'veryfast', '-x264-params', 'intra-refresh=1:keyint=60', ...aac]),
  },
  {
    title: 'an edit list',
    file: 'gd.mp4',
    isPrimed: true,
    isBent: true,
    firstClickS: 0.25,
    film: film([...x264, ...aac, '-g', '50']),
    again: ['-ss', '1.25', '-i', 'IN', ...copy],
  },
  { title: 'cut off in the middle', file: 'ge.mkv', isBent: true, keep: 0.6, film: film([...x264, ...aac, '-g', '25']) },
  {
    title: 'cut off, index first',
    file: 'gf.mp4',
    isBent: true,
    keep: 0.6,
    isQuick: true,
    film: film([...x264, ...aac, '-g', '25', '-movflags', '+faststart']),
  },
  {
    title: 'late sound',
    file: 'gg.mp4',
    isBent: true,
    firstClickS: 2.2,
    film: film([...x264, ...aac]),
    again: ['-i', 'IN', '-itsoffset', '1.7', '-i', 'IN', '-map', '0:v', '-map', '1:a', '-c', 'copy'],
  },
  {
    title: 'late pictures',
    file: 'gh.mkv',
    isPrimed: true,
    isBent: true,
    film: film([...x264, ...aac]),
    again: ['-itsoffset', '1.6', '-i', 'IN', '-i', 'IN', '-map', '0:v', '-map', '1:a', '-c', 'copy'],
  },
  {
    title: 'Matroska that says it is twice as long',
    file: 'gm.mkv',
    isQuick: true,
    film: film([...x264, ...aac, '-g', '50']),
    spoil: (bytes) => lengthenMatroska(bytes, 2),
  },
  {
    title: 'Matroska that says it is half as long',
    file: 'gn.mkv',
    film: film([...x264, ...aac, '-g', '50']),
    spoil: (bytes) => lengthenMatroska(bytes, 0.5),
  },
  {
    title: 'FLV that says it is twice as long',
    file: 'go.flv',
    film: film([...x264, ...aac, '-g', '50']),
    spoil: (bytes) => {
      const at = bytes.indexOf('duration') + 9
      bytes.writeDoubleBE(bytes.readDoubleBE(at) * 2, at)
    },
  },
  ...[2, 0.5].map((by) => ({
    title: `AVI that says it is ${by} times as long`,
    file: `gp${by}.avi`,
    isPrimed: true,
    film: film(['-c:v', 'mpeg4', '-bf', '2', '-q:v', '3', '-g', '50', '-c:a', 'mp3']),
    spoil: (bytes: Buffer) => lengthenAvi(bytes, by),
  })),
  { title: 'one picture a second', file: 'gi.mp4', film: film([...x264, ...aac], { frames: 12, rate: '1' }) },
  { title: '120 pictures a second', file: 'gj.mp4', isBent: true, film: film([...x264, ...aac], { frames: 600, rate: '120' }) },
  { title: '240 pictures a second', file: 'gk.mp4', isBent: true, film: film([...x264, ...aac], { frames: 1200, rate: '240' }) },
]

const pictures: FilmKind[] = [
  {
    title: 'rotated by a matrix',
    file: 'pa.mp4',
    isBent: true,
    film: film([...x264, ...aac]),
    again: ['-i', 'IN', ...copy, '-metadata:s:v', 'rotate=180'],
  },
  {
    title: 'turned by a quarter',
    file: 'pj.mp4',
    isBent: true,
    film: film([...x264, ...aac], { filters: ['-vf', 'scale=320:180:flags=neighbor,format=yuv420p,transpose=cclock'] }),
    again: ['-i', 'IN', ...copy, '-metadata:s:v', 'rotate=90'],
  },
  { title: 'portrait', file: 'pk.mov', film: film([...x264, ...aac], { width: 180, height: 320 }) },
  { title: 'anamorphic', file: 'pb.mkv', film: film([...x264, ...aac, '-aspect', '2.35']) },
  {
    title: 'interlaced',
    file: 'pc.mkv',
    film: film([...mpeg2, '-flags', '+ildct+ilme', '-top', '1', '-field_order', 'tt', ...aac]),
    isBent: true,
  },
  { title: 'HDR10', file: 'pd.mp4', film: film([...hdr('smpte2084'), ...aac], { frames: 150 }), isQuick: true },
  { title: 'HLG', file: 'pe.mkv', film: film([...hdr('arib-std-b67'), ...aac], { frames: 150 }) },
  { title: '4:2:2', file: 'pf.mkv', film: film([...x264, ...aac], { filters: deep('yuv422p') }) },
  { title: '4:4:4 and ten bits', file: 'pg.mkv', film: film([...x264, ...aac], { filters: deep('yuv444p10le') }) },
  { title: 'tiny', file: 'ph.mp4', film: film([...x264, ...aac], { width: 64, height: 36 }) },
  {
    title: '8K',
    file: 'pi.mp4',
    film: film(['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '6', ...aac], { frames: 6, rate: '24', width: 7680, height: 4320 }),
  },
]

const sounds: FilmKind[] = [
  { title: 'mono', file: 'sa.mkv', film: film([...x264, ...aac, '-ac', '1']) },
  { title: '5.1', file: 'sb.mkv', film: film([...x264, '-c:a', 'ac3', '-ac', '6']) },
  { title: '7.1', file: 'sc.mkv', film: film([...x264, '-c:a', 'flac', '-ac', '8']) },
  {
    title: 'two languages',
    file: 'sd.mkv',
    film: film([...x264, ...aac]),
    again: ['-i', 'IN', '-map', '0:v', '-map', '0:a', '-map', '0:a', '-c', 'copy', '-metadata:s:a:1', 'language=fra'],
  },
  {
    title: 'sound that ends early',
    file: 'se.mkv',
    film: film([...x264, ...aac]),
    again: ['-i', 'IN', '-t', '3', '-i', 'IN', '-map', '0:v', '-map', '1:a', '-c', 'copy'],
  },
  {
    title: 'sound alone',
    file: 'sf.m4a',
    isPrimed: true,
    film: film([...x264, ...aac]),
    again: ['-i', 'IN', '-map', '0:a', '-c', 'copy'],
    isQuick: true,
  },
  {
    title: 'sound alone in MP3',
    file: 'sg.mp3',
    isPrimed: true,
    film: film([...x264, '-c:a', 'mp3']),
    again: ['-i', 'IN', '-map', '0:a', '-c', 'copy'],
  },
]

export const filmKinds: readonly FilmKind[] = [...larger, ...containers, ...times, ...pictures, ...sounds]
