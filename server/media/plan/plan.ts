import { ladder, type VideoRow } from './ladder.ts'
import type { AudioStream, Probe, VideoStream } from './probe.ts'
import { gridRate, perSecond, type Rate } from './rate.ts'

/**
 * The grid of a film, written once: what rows there are, and which output frames each cell holds. Everything that follows (playlists, command
 * lines, checks, progress) is arithmetic on it, so that any machine at any time makes the same cell.
 */
export type Plan = {
  version: 1
  durationMs: number
  /** The moment of the source, as FFmpeg writes it, that is the film's beginning: filters subtract it. */
  origin: string
  video: VideoPlan | undefined
  audio: AudioRow[]
}

export type VideoPlan = {
  stream: number
  rate: Rate
  /** Frames in all, and in each cell but the last. */
  frames: number
  framesPerCell: number
  isInterlaced: boolean
  tone: 'sdr' | 'pq' | 'hlg'
  rows: VideoRow[]
  /** Where the stream says that it ends; cells beyond hold its last picture. */
  endS: number
}

export type AudioRow = {
  name: string
  stream: number
  language: string
  title: string
  channels: 1 | 2
  bitRate: number
  isDefault: boolean
  /** AAC frames in all. */
  frames: number
}

const cellS = 4
export const audioRate = 48_000
export const audioFrame = 1024
/** 375 × 1024 / 48000: eight seconds to the sample. */
export const audioFramesPerCell = 375

/** Why a file can not become a film. The text for people stands under `media.<code>`: `refusalCode`. */
export type Refusal =
  | 'unreadable'
  | 'codec'
  | 'no_media'
  | 'too_many_streams'
  | 'too_large_picture'
  | 'too_fast'
  | 'too_long'
  | 'no_duration'
  | 'empty'

export const refusalCode = (why: Refusal) => `media.${why}` as const

const caps = { streams: 32, longSide: 8192, shortSide: 4320, rate: 240, durationS: 24 * 3600 }

export function planFilm(probe: Probe): Plan | Refusal {
  const refusal = refuse(probe)
  if (refusal) return refusal
  const durationS = durationOf(probe)
  if (durationS === undefined) return 'no_duration'
  if (durationS > caps.durationS) return 'too_long'
  const video = probe.video && planVideo(probe.video, durationS)
  const wholeS = video ? video.frames / perSecond(video.rate) : durationS
  const audio = planAudio(probe.audio, wholeS)
  if (!video && audio.length === 0) return 'no_media'
  return { version: 1, durationMs: Math.round(wholeS * 1000), origin: originOf(probe), video, audio }
}

function refuse(probe: Probe): Refusal | undefined {
  const { video } = probe
  if (!video && probe.audio.length === 0) return 'no_media'
  if (probe.streams > caps.streams) return 'too_many_streams'
  if (!video) return undefined
  if (video.width < 1 || video.height < 1) return 'no_media'
  if (Math.max(video.width, video.height) > caps.longSide || Math.min(video.width, video.height) > caps.shortSide)
    return 'too_large_picture'
  const fast = video.averageRate ?? video.declaredRate
  return fast && perSecond(fast) > caps.rate * 1.01 ? 'too_fast' : undefined
}

/** Encoders of sound begin some hundredths before the picture; then the picture's first moment is the film's. */
const priming = 0.15

function originOf(probe: Probe): string {
  const { video, start } = probe
  return video && Math.abs(video.startS - Number(start)) < priming ? video.start : start
}

/** The picture's own length where it says one; else the container's. Sound that lasts longer holds the last picture. */
function durationOf(probe: Probe): number | undefined {
  const origin = Number(originOf(probe))
  const ends = [probe.video, ...probe.audio].flatMap((stream) =>
    stream?.durationS === undefined ? [] : [stream.startS - origin + stream.durationS],
  )
  const longest = ends.length > 0 ? Math.max(...ends) : undefined
  const { durationS } = probe
  if (durationS === undefined) return longest
  return longest === undefined ? durationS : Math.min(Math.max(longest, durationS * 0.5), durationS + 1)
}

function planVideo(video: VideoStream, durationS: number): VideoPlan {
  const rate = gridRate(video.declaredRate, video.averageRate)
  const perS = perSecond(rate)
  return {
    stream: video.index,
    rate,
    frames: Math.max(1, Math.round(durationS * perS)),
    framesPerCell: Math.max(1, Math.round(cellS * perS)),
    isInterlaced: video.isInterlaced,
    tone: toneOf(video),
    rows: ladder(shownSize(video), perS),
    endS: video.durationS === undefined ? durationS : Math.max(0, video.startS + video.durationS),
  }
}

const toneOf = (video: VideoStream) => (video.transfer === 'smpte2084' ? 'pq' : video.transfer === 'arib-std-b67' ? 'hlg' : 'sdr')

/** As a viewer sees it: pixels made square, turned upright. */
function shownSize(video: VideoStream): { width: number; height: number } {
  const aspect = perSecond(video.aspect)
  const width = aspect > 1 / 8 && aspect < 8 ? video.width * aspect : video.width
  return video.isTurned ? { width: video.height, height: width } : { width, height: video.height }
}

const maxAudioRows = 8

function planAudio(streams: readonly AudioStream[], durationS: number): AudioRow[] {
  const chosen = streams.slice(0, maxAudioRows)
  const first = Math.max(
    0,
    chosen.findIndex((stream) => stream.isDefault),
  )
  return chosen.map((stream, place) => ({
    name: `a${place}`,
    stream: stream.index,
    language: stream.language,
    title: stream.title,
    channels: stream.channels === 1 ? 1 : 2,
    bitRate: stream.channels === 1 ? 96_000 : 160_000,
    isDefault: place === first,
    frames: Math.max(1, Math.ceil((durationS * audioRate) / audioFrame)),
  }))
}
