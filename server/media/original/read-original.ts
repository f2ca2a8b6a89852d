import type { ReadAt } from '../source/cut-off.ts'
import { codecName } from './codec-name.ts'
import { fragmentOf, initOf } from './fragment.ts'
import { pictureSegments, type Segment, soundSegments } from './segments.ts'
import { readTracks, type Track } from './track.ts'

/** A row that is cut out of the original without encoding. */
export type OriginalRow = {
  name: string
  /** Its stream in the file, as FFmpeg counts them. */
  stream: number
  codec: string
  /** Every browser plays it; else the player must ask its own. */
  isUniversal: boolean
  language: string
  width: number
  height: number
  /** Pictures a second, as they come on average. */
  rate: number
  /** The most that a segment takes, and what all take, bits a second. */
  bandwidth: number
  averageBandwidth: number
  /** Seconds of each segment. */
  lengths: number[]
}

export type Original = {
  durationS: number
  picture: OriginalRow | undefined
  sounds: OriginalRow[]
  /** Undefined: there is no such row. */
  init(row: string): Uint8Array | undefined
  segment(row: string, number: number): Promise<Uint8Array | undefined>
}

const caps = { boxes: 1000, moov: 192 * 2 ** 20 }

/**
 * What a browser can play of a file as it lies there, found in its index alone: in milliseconds, whatever its length. Keep it in memory; to read it
 * again costs as much. Undefined: not an MP4 or QuickTime file, or one that can not be cut without encoding.
 */
export async function readOriginal(readAt: ReadAt, size: number): Promise<Original | undefined> {
  try {
    const moov = await findMoov(readAt, size)
    const tracks = moov && readTracks(moov)
    return tracks && packaged(tracks, readAt)
  } catch (error) {
    // Boxes that reach out of each other, and numbers beyond the file.
    if (error instanceof RangeError || (error instanceof Error && error.message.startsWith('a box '))) return undefined
    throw error
  }
}

export async function findMoov(readAt: ReadAt, size: number): Promise<Uint8Array | undefined> {
  for (let at = 0, seen = 0; at + 8 <= size && seen < caps.boxes; seen++) {
    const head = await readAt(at, 16)
    if (head.length < 16) return undefined
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
    const short = view.getUint32(0)
    const kind = String.fromCharCode(...head.subarray(4, 8))
    const length = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? size - at : short
    if (seen === 0 && !['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(kind)) return undefined
    if (length < 8 || at + length > size) return undefined
    const content = short === 1 ? 16 : 8
    if (kind === 'moov') return length > caps.moov ? undefined : await readAt(at + content, length - content)
    at += length
  }
  return undefined
}

type Part = { row: OriginalRow; track: Track; segments: Segment[] }

/** Encoders of sound begin some hundredths before the picture; then the picture's first moment is the film's. */
const primingS = 0.15

function packaged(tracks: readonly Track[], readAt: ReadAt): Original | undefined {
  const videos = tracks.filter(({ kind }) => kind === 'video')
  const starts = tracks.map((track) => Math.max(0, startOf(track)))
  const first = Math.min(...starts)
  const [video] = videos
  const videoS = video && startOf(video)
  const originS = videoS !== undefined && Math.abs(videoS - first) < primingS ? videoS : first
  const picture = video && partOf('o0', video, pictureSegments(video, originS))
  const endS = picture && lengthOf(picture)
  const sounds = tracks
    .filter(({ kind }) => kind === 'sound')
    .flatMap((track, place) => partOf(`s${place}`, track, soundSegments(track, { originS, endS })) ?? [])
  const parts = new Map([...(picture ? [picture] : []), ...sounds].map((part) => [part.row.name, part]))
  if (parts.size === 0) return undefined
  return {
    durationS: Math.max(...[...parts.values()].map(lengthOf)),
    picture: picture?.row,
    sounds: sounds.map(({ row }) => row),
    init(name) {
      const part = parts.get(name)
      return part && initOf(part.track)
    },
    async segment(name, number) {
      const part = parts.get(name)
      const segment = part?.segments[number]
      return part && segment && (await fragmentOf(part.track, segment, { number, readAt }))
    },
  }
}

function startOf({ shown, timescale, count }: Track): number {
  let first = Number.POSITIVE_INFINITY
  for (let i = 0; i < Math.min(count, 64); i++) first = Math.min(first, shown[i] ?? 0)
  return first / timescale
}

const lengthOf = ({ segments, track }: Part) => (segments.at(-1)?.toTicks ?? 0) / track.timescale

function partOf(name: string, track: Track, segments: Segment[] | undefined): Part | undefined {
  const codec = codecName(track.entry)
  if (!codec || !segments || segments.length === 0) return undefined
  const secondsOf = ({ fromTicks, toTicks }: Segment) => (toTicks - fromTicks) / track.timescale
  const lengthS = segments.reduce((sum, segment) => sum + secondsOf(segment), 0)
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  const samples = (segments.at(-1)?.end ?? 0) - (segments[0]?.start ?? 0)
  const row: OriginalRow = {
    ...codec,
    name,
    stream: track.index,
    language: track.language,
    width: Math.round(track.width),
    height: Math.round(track.height),
    rate: samples / lengthS,
    // What frames each segment: some bytes a sample.
    bandwidth: Math.ceil(
      Math.max(...segments.map((segment) => ((segment.bytes + 200 + (segment.end - segment.start) * 16) * 8) / secondsOf(segment))),
    ),
    averageBandwidth: Math.ceil(((bytes + samples * 16 + segments.length * 200) * 8) / lengthS),
    lengths: segments.map(secondsOf),
  }
  return { row, track, segments }
}
