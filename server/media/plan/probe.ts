import { parseRate, type Rate } from './rate.ts'

/** What a file says of itself, read once. Numbers are checked; what is missing or absurd is undefined. */
export type Probe = {
  format: string
  durationS: number | undefined
  /** The container's first time, as FFmpeg wrote it. */
  start: string
  video: VideoStream | undefined
  audio: AudioStream[]
  subtitles: SubtitleStream[]
  /** A cover, where there is one and no film. */
  cover: number | undefined
  chapters: { startS: number; endS: number; title: string }[]
  streams: number
}

export type VideoStream = {
  index: number
  codec: string
  profile: string
  /** As stored; `turned` says that width and height change places when shown. */
  width: number
  height: number
  /** Width of a pixel over its height. */
  aspect: Rate
  isTurned: boolean
  pixelFormat: string
  declaredRate: Rate | undefined
  averageRate: Rate | undefined
  isInterlaced: boolean
  transfer: string
  primaries: string
  space: string
  range: string
  /** As FFmpeg wrote it, so that nothing is lost. */
  start: string
  startS: number
  durationS: number | undefined
  bitRate: number | undefined
}

export type AudioStream = {
  index: number
  codec: string
  profile: string
  channels: number
  sampleRate: number
  language: string
  title: string
  startS: number
  durationS: number | undefined
  isDefault: boolean
}

export type SubtitleStream = {
  index: number
  codec: string
  language: string
  title: string
  isText: boolean
  isForced: boolean
  isDefault: boolean
}

type Raw = Record<string, unknown>

/** ffprobe's words for it: everything at once, as JSON. */
export const probeWords = (source: string): string[] => [
  ...['-v', 'error', '-show_format', '-show_streams', '-show_chapters', '-of', 'json'],
  source,
]

const textSubtitles = ['subrip', 'ass', 'ssa', 'webvtt', 'mov_text', 'text', 'srt']

export function parseProbe(json: string): Probe {
  const root = toRaw(JSON.parse(json))
  const format = toRaw(root.format)
  const streams = toList(root.streams)
  const videos = streams.filter((stream) => stream.codec_type === 'video')
  const film = videos.find((stream) => !isPicture(stream))
  const cover = videos.find(isPicture)
  return {
    format: toText(format.format_name),
    durationS: toSeconds(format.duration),
    start: toDecimal(format.start_time),
    video: film && toVideo(film),
    audio: streams.filter((stream) => stream.codec_type === 'audio' && toCount(stream.channels) > 0).map(toAudio),
    subtitles: streams.filter((stream) => stream.codec_type === 'subtitle').map(toSubtitle),
    cover: cover && toCount(cover.index),
    chapters: toList(root.chapters).flatMap(toChapter),
    streams: streams.length,
  }
}

/** A still among the streams: a cover, not a film. */
function isPicture(stream: Raw): boolean {
  return toRaw(stream.disposition).attached_pic === 1
}

function toVideo(stream: Raw): VideoStream {
  const rotation = toList(stream.side_data_list)
    .map((data) => Number(data.rotation))
    .find((angle) => Number.isFinite(angle))
  const tagged = Number(toRaw(stream.tags).rotate)
  const angle = Math.abs(rotation ?? (Number.isFinite(tagged) ? tagged : 0))
  return {
    index: toCount(stream.index),
    codec: toText(stream.codec_name),
    profile: toText(stream.profile),
    width: toCount(stream.width),
    height: toCount(stream.height),
    aspect: parseRate(toText(stream.sample_aspect_ratio).replace(':', '/')) ?? { num: 1, den: 1 },
    isTurned: Math.round(angle / 90) % 2 === 1,
    pixelFormat: toText(stream.pix_fmt),
    declaredRate: parseRate(toText(stream.r_frame_rate)),
    averageRate: parseRate(toText(stream.avg_frame_rate)),
    isInterlaced: !['', 'progressive', 'unknown'].includes(toText(stream.field_order)),
    transfer: toText(stream.color_transfer),
    primaries: toText(stream.color_primaries),
    space: toText(stream.color_space),
    range: toText(stream.color_range),
    start: toDecimal(stream.start_time),
    startS: toNumber(stream.start_time) ?? 0,
    durationS: toSeconds(stream.duration) ?? taggedDuration(stream),
    bitRate: toSeconds(stream.bit_rate),
  }
}

function toAudio(stream: Raw): AudioStream {
  return {
    index: toCount(stream.index),
    codec: toText(stream.codec_name),
    profile: toText(stream.profile),
    channels: toCount(stream.channels),
    sampleRate: toCount(stream.sample_rate),
    language: languageOf(stream),
    title: titleOf(stream),
    startS: toNumber(stream.start_time) ?? 0,
    durationS: toSeconds(stream.duration) ?? taggedDuration(stream),
    isDefault: toRaw(stream.disposition).default === 1,
  }
}

function toSubtitle(stream: Raw): SubtitleStream {
  const codec = toText(stream.codec_name)
  const disposition = toRaw(stream.disposition)
  return {
    index: toCount(stream.index),
    codec,
    language: languageOf(stream),
    title: titleOf(stream),
    isText: textSubtitles.includes(codec),
    isForced: disposition.forced === 1,
    isDefault: disposition.default === 1,
  }
}

function toChapter(chapter: Raw): { startS: number; endS: number; title: string }[] {
  const startS = toNumber(chapter.start_time)
  const endS = toNumber(chapter.end_time)
  if (startS === undefined || endS === undefined || endS <= startS) return []
  return [{ startS, endS, title: toText(toRaw(chapter.tags).title).slice(0, 200) }]
}

/** Matroska keeps durations of streams in tags: 00:01:02.500000000. */
function taggedDuration(stream: Raw): number | undefined {
  const tags = toRaw(stream.tags)
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(toText(tags.DURATION ?? tags['DURATION-eng']))
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined
}

const languageOf = (stream: Raw) => {
  const language = toText(toRaw(stream.tags).language).toLowerCase()
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(language) ? language : 'und'
}
const titleOf = (stream: Raw) => toText(toRaw(stream.tags).title).slice(0, 200)

const toRaw = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {})
const toList = (value: unknown): Raw[] => (Array.isArray(value) ? value.map(toRaw) : [])
const toText = (value: unknown): string => (typeof value === 'string' ? value : '')
const toNumber = (value: unknown): number | undefined => {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
const toDecimal = (value: unknown): string => (/^-?\d+(\.\d+)?$/.test(toText(value)) ? toText(value) : '0')
const toCount = (value: unknown): number => Math.max(0, Math.trunc(toNumber(value) ?? 0))
const toSeconds = (value: unknown): number | undefined => {
  const number = toNumber(value)
  return number !== undefined && number > 0 ? number : undefined
}
