import type { ReadAt } from '../source/read-at.ts'
import { codecName } from './codec-name.ts'
import { fragmentOf, initOf } from './fragment.ts'
import { findIndex } from './find-index.ts'
import { readFragments } from './fragments.ts'
import { isMatroska } from './elements.ts'
import { readMatroska } from './matroska-original.ts'
import type { Original, OriginalRow } from './original.ts'
import { pictureSegments, type Segment, soundSegments } from './segments.ts'
import { readTracks, type Track } from './track.ts'

export type { Original, OriginalRow } from './original.ts'

/**
 * What a browser can play of a file as it lies there, found in its index alone: in milliseconds, whatever its length (in as many reads as it has fragments, if it was written as it came). Keep it in memory; to read it
 * again costs as much. Undefined: no MP4, QuickTime, Matroska or WebM file, or one that can not be cut without encoding.
 */
export async function readOriginal(readAt: ReadAt, size: number): Promise<Original | undefined> {
  try {
    if (isMatroska(await readAt(0, 4))) return await readMatroska(readAt, size)
    const index = await findIndex(readAt, size)
    const fragments = index?.fragments && readFragments(index.moov, index.fragments)
    if (!index || (index.fragments && !fragments)) return undefined
    const film = readTracks(index.moov, fragments)
    return film && packaged(film, readAt)
  } catch (error) {
    // Boxes that reach out of each other, and numbers beyond the file.
    if (error instanceof RangeError || (error instanceof Error && error.message.startsWith('a box '))) return undefined
    throw error
  }
}

type Part = { row: OriginalRow; track: Track; segments: Segment[] }

/** Encoders of sound begin some hundredths before the picture; then the picture's first moment is the film's. */
const primingS = 0.15

function packaged(film: { tracks: readonly Track[]; sounds: number }, readAt: ReadAt): Original | undefined {
  const { tracks } = film
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
    hasOtherSounds: sounds.length < film.sounds,
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
