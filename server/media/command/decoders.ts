import type { Probe } from '../plan/probe.ts'

/**
 * The codecs of films that people really have, and who decodes each. Nothing else is opened: FFmpeg knows five hundred decoders, most of
 * them for files that nobody has made for twenty years, and those are where the holes are.
 */
const decoders: Readonly<Record<string, readonly string[]>> = {
  h264: ['h264'],
  hevc: ['hevc'],
  av1: ['libdav1d', 'libaom-av1'],
  vp8: ['vp8', 'libvpx'],
  vp9: ['vp9', 'libvpx-vp9'],
  mpeg1video: ['mpeg1video'],
  mpeg2video: ['mpeg2video'],
  mpeg4: ['mpeg4'],
  msmpeg4v2: ['msmpeg4v2'],
  msmpeg4v3: ['msmpeg4'],
  wmv1: ['wmv1'],
  wmv2: ['wmv2'],
  wmv3: ['wmv3'],
  vc1: ['vc1'],
  flv1: ['flv'],
  h263: ['h263'],
  theora: ['theora'],
  vp6f: ['vp6f'],
  prores: ['prores'],
  dnxhd: ['dnxhd'],
  dvvideo: ['dvvideo'],
  mjpeg: ['mjpeg'],
  png: ['png'],
  gif: ['gif'],
  rawvideo: ['rawvideo'],
  aac: ['aac'],
  aac_latm: ['aac_latm'],
  mp2: ['mp2float'],
  mp3: ['mp3float'],
  ac3: ['ac3'],
  eac3: ['eac3'],
  dts: ['dca'],
  truehd: ['truehd'],
  opus: ['opus', 'libopus'],
  vorbis: ['vorbis'],
  flac: ['flac'],
  alac: ['alac'],
  wmav1: ['wmav1'],
  wmav2: ['wmav2'],
  wmapro: ['wmapro'],
  amr_nb: ['amrnb'],
  amr_wb: ['amrwb'],
  adpcm_ima_wav: ['adpcm_ima_wav'],
  adpcm_ms: ['adpcm_ms'],
  pcm_u8: ['pcm_u8'],
  pcm_s16le: ['pcm_s16le'],
  pcm_s16be: ['pcm_s16be'],
  pcm_s24le: ['pcm_s24le'],
  pcm_s24be: ['pcm_s24be'],
  pcm_s32le: ['pcm_s32le'],
  pcm_f32le: ['pcm_f32le'],
  pcm_alaw: ['pcm_alaw'],
  pcm_mulaw: ['pcm_mulaw'],
  pcm_bluray: ['pcm_bluray'],
  pcm_dvd: ['pcm_dvd'],
}

/** Beside a film: seldom heard sound, covers, and text that is looked at by ourselves. Their makers are named when a file is asked what it is; no cell is made of them. */
const beside = [
  ...[
    'mp1float',
    's302m',
    'speex',
    'nellymoser',
    'adpcm_ima_qt',
    'adpcm_swf',
    'wmalossless',
    'pcm_s8',
    'pcm_u16le',
    'pcm_f64le',
    'bmp',
    'webp',
  ],
  ...['subrip', 'srt', 'ass', 'ssa', 'mov_text', 'webvtt', 'text', 'sami', 'dvbsub', 'dvdsub', 'pgssub', 'xsub', 'cc_dec'],
  'libzvbi_teletextdec',
]

/** All that may be opened to see what a file holds. */
export const probeDecoders: readonly string[] = [...new Set([...Object.values(decoders).flat(), ...beside])]

/** Those that a file needs, and no others. Undefined: its picture, or every sound of it, is coded in a way that is not opened here. */
export function decodersOf({ video, audio }: Pick<Probe, 'video' | 'audio'>): string[] | undefined {
  const sounds = audio.flatMap(({ codec }) => (codec in decoders ? [codec] : []))
  if (video && !(video.codec in decoders)) return undefined
  if (!video && sounds.length === 0) return undefined
  return [...new Set([...(video ? [video.codec] : []), ...sounds])].flatMap((codec) => decoders[codec] ?? [])
}
