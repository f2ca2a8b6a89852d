import type { Engine, EngineParts } from './engine.ts'

/** The browser's own way: one file, or a playlist where the browser reads those itself. */
export function openFile({ video, url, startS, events }: EngineParts): Engine {
  const away = new AbortController()
  const { signal } = away
  let atS = startS
  video.addEventListener('error', () => void judge(), { signal })
  video.addEventListener('loadedmetadata', begin, { signal })
  video.addEventListener('timeupdate', () => (atS = video.currentTime), { signal })
  load()

  return {
    qualities: [],
    get shown() {
      return video.videoHeight === 0 ? undefined : { id: 'original', height: video.videoHeight, rate: 0 }
    },
    audios: [],
    audio: -1,
    choose: () => undefined,
    chooseAudio: () => undefined,
    retry: load,
    figures: () => ({ engine: 'file', bitRate: 0, lineRate: 0, codecs: '' }),
    close() {
      away.abort()
      video.removeAttribute('src')
      video.load()
    },
  }

  function load() {
    video.src = url
    video.load()
  }

  function begin() {
    if (atS > 0) video.currentTime = atS
    events.changed()
  }

  /** The element says only that it failed; why, the house is asked. */
  async function judge() {
    const answer = await fetch(url, { method: 'HEAD', signal }).catch(() => undefined)
    if (signal.aborted) return
    if (!answer) return events.failed({ kind: 'unreachable' })
    if (answer.status >= 400) return events.failed({ kind: 'refused', status: answer.status })
    events.failed({ kind: 'unplayable' })
  }
}
