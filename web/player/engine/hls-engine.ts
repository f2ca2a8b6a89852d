import HlsJs, { type ErrorData, ErrorTypes, Events, type HlsConfig, type LoaderConfig, PlaylistLevelType } from 'hls.js'
import type { Engine, EngineFailure, EngineParts, Quality } from './engine.ts'

/** A cell that is not made yet is made while we wait: the house holds the request for half a minute. */
const patient: LoaderConfig = {
  maxTimeToFirstByteMs: 45_000,
  maxLoadTimeMs: 120_000,
  timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 8, retryDelayMs: 500, maxRetryDelayMs: 8000 },
}
const prompt: LoaderConfig = {
  maxTimeToFirstByteMs: 15_000,
  maxLoadTimeMs: 30_000,
  timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 1, retryDelayMs: 500, maxRetryDelayMs: 2000 },
}

/** The lowest row first, so that there is a picture at once; what follows is as good as the line. */
const config: Partial<HlsConfig> = {
  // A worker from a blob would be a script that no policy of ours allows, and cells need no remuxing.
  enableWorker: false,
  startLevel: 0,
  startFragPrefetch: true,
  capLevelToPlayerSize: true,
  maxBufferLength: 30,
  maxMaxBufferLength: 90,
  backBufferLength: 60,
  // Up with reserve, down in time: what goes up and down by turns is seen.
  abrBandWidthFactor: 0.9,
  abrBandWidthUpFactor: 0.65,
  renderTextTracksNatively: false,
  fragLoadPolicy: { default: patient },
  manifestLoadPolicy: { default: prompt },
  playlistLoadPolicy: { default: prompt },
}

const savingHeight = 480
const refusals = new Set([401, 403, 404, 410, 429])

export function canHls(): boolean {
  return HlsJs.isSupported()
}

export function openHls({ video, url, startS, quality, isSaving, events }: EngineParts): Engine {
  const hls = new HlsJs({ ...config, startPosition: startS > 0 ? startS : -1 })
  let healings = 0
  let failedWhileOpening = false
  let isToBeRedrawn = false
  const changed = () => events.changed()
  hls.on(Events.MANIFEST_PARSED, () => {
    failedWhileOpening = false
    if (isSaving) hls.autoLevelCapping = highest(savingHeight)
    if (quality !== 'auto') choose(quality)
    changed()
  })
  for (const event of [Events.LEVEL_SWITCHED, Events.AUDIO_TRACKS_UPDATED, Events.AUDIO_TRACK_SWITCHED] as const) hls.on(event, changed)
  hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
    healings = 0
    if (frag.type === PlaylistLevelType.MAIN) redraw()
  })
  hls.on(Events.ERROR, (_, error) => (error.fatal || isStranded(error) || isRefused(error)) && fail(error))
  hls.attachMedia(video)
  hls.loadSource(url)

  return {
    get qualities() {
      return toQualities(hls)
    },
    get shown() {
      const level = hls.levels[hls.currentLevel]
      return level && { id: String(level.height), height: level.height, rate: level.frameRate }
    },
    get audios() {
      return hls.audioTracks.map(({ name, lang }, id) => ({ id, label: name, language: lang ?? '' }))
    },
    get audio() {
      return hls.audioTrack
    },
    choose: (wanted) => (video.paused && wanted !== 'auto' ? chooseAtOnce(wanted) : choose(wanted)),
    chooseAudio: (id) => (hls.audioTrack = id),
    retry() {
      if (failedWhileOpening) hls.loadSource(url)
      else hls.startLoad(video.currentTime)
    },
    figures() {
      const level = hls.levels[hls.currentLevel]
      const { engine, lineRate } = { engine: `hls.js ${HlsJs.version}`, lineRate: hls.bandwidthEstimate }
      return { engine, lineRate, bitRate: level?.bitrate ?? 0, codecs: level?.codecs ?? '' }
    },
    close: () => hls.destroy(),
  }

  /** Without a line hls.js asks on for most of a minute. Nobody should look at a still picture so long without being told why. */
  function isStranded({ type, response }: ErrorData): boolean {
    return type === ErrorTypes.NETWORK_ERROR && !navigator.onLine && (response?.code ?? 0) === 0
  }

  /** The house says no. hls.js would try each other row first, and each of them would be refused as well. */
  function isRefused({ type, response }: ErrorData): boolean {
    return type === ErrorTypes.NETWORK_ERROR && refusals.has(response?.code ?? 0)
  }

  function choose(wanted: string) {
    if (wanted === 'auto') hls.loadLevel = -1
    else hls.nextLevel = highest(Number(wanted))
  }

  /** A picture that stands still is fetched anew: nothing would come after it. */
  function chooseAtOnce(wanted: string) {
    const level = highest(Number(wanted))
    if (level === hls.currentLevel) return choose(wanted)
    isToBeRedrawn = true
    hls.currentLevel = level
  }

  /** The browser keeps the old picture until somebody seeks, be it to where it stands. */
  function redraw() {
    if (!isToBeRedrawn || !isThere(video)) return
    isToBeRedrawn = false
    if (video.paused) video.currentTime = Number(video.currentTime)
  }

  /** The highest row that is no higher; where there is none, the lowest. */
  function highest(lines: number): number {
    return Math.max(
      0,
      hls.levels.findLastIndex(({ height }) => height <= lines),
    )
  }

  function fail(error: ErrorData) {
    failedWhileOpening = hls.levels.length === 0
    if (error.type === ErrorTypes.MEDIA_ERROR && healings < 2) {
      healings += 1
      hls.recoverMediaError()
      return
    }
    if (isRefused(error)) hls.stopLoad()
    events.failed(toFailure(error))
  }
}

function isThere({ buffered, currentTime }: HTMLVideoElement): boolean {
  return Array.from({ length: buffered.length }, (_, at) => at).some(
    (at) => buffered.start(at) <= currentTime && currentTime < buffered.end(at),
  )
}

/** Each height once, the highest first; of several codecs hls.js has chosen by then. */
function toQualities(hls: HlsJs): Quality[] {
  const byHeight = new Map(
    hls.levels.map(({ height, frameRate }) => [height, { id: String(height), height, rate: frameRate } satisfies Quality]),
  )
  return [...byHeight.values()].sort((one, other) => other.height - one.height)
}

function toFailure({ type, response }: ErrorData): EngineFailure {
  if (type !== ErrorTypes.NETWORK_ERROR) return { kind: 'unplayable' }
  const status = response?.code ?? 0
  if (status === 0) return { kind: 'unreachable' }
  if (status === 503) return { kind: 'not yet' }
  return status >= 500 ? { kind: 'unreachable' } : { kind: 'refused', status }
}
