import { probeDecoders } from './decoders.ts'
import { seconds } from '../plan/rate.ts'

/** The name under which a tool finds the film in its room. */
export const sourceName = 'source'

const protocols = 'file'
const formats = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,flv,asf,ogg,mxf,mp3,flac,wav,aac,ac3,gif'
const maxPixels = 8192 * 4320

/** [T1] Before every `-i`: what may be opened at all; without a list of decoders all that people's films need. Playlists, scripts and networks are not on the list. */
export const allowList = (decoders: readonly string[] = []): string[] => [
  ...['-protocol_whitelist', protocols, '-format_whitelist', formats, '-max_pixels', String(maxPixels)],
  ...['-codec_whitelist', (decoders.length > 0 ? decoders : probeDecoders).join(',')],
]

/** For frames that we wrote ourselves. */
export const allowFrames: readonly string[] = [
  '-protocol_whitelist',
  protocols,
  '-format_whitelist',
  'mjpeg',
  '-max_pixels',
  String(maxPixels),
]

const quiet = ['-nostdin', '-v', 'error', '-y']

export type Entry = {
  /** Seconds from the beginning; 0 or less: no seeking at all. */
  fromS: number
  decoders: readonly string[]
  threads: number
}

/** Opens the film at a place at or before the wanted one. Where it really lands does not matter: frames are counted absolutely. */
export function openSource(entry: Entry): string[] {
  const seek = entry.fromS > 0 ? ['-noaccurate_seek', '-ss', seconds(entry.fromS)] : []
  const threads = entry.threads > 0 ? ['-threads', String(entry.threads)] : []
  return [...quiet, '-copyts', ...seek, ...threads, ...allowList(entry.decoders), '-i', sourceName]
}
