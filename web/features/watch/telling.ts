import { useEffect } from 'react'
import { useApi } from '#web/lib/api-context.ts'
import type { Player } from '#web/player/player.ts'
import { keepPlace } from './screening.ts'

const everyMs = 10_000
/** Watched so long the house is told; when it counts, the house decides. */
const viewAfterMs = [5000, 15_000, 30_000, 60_000]

/** Tells the house where the film stands, so that another device goes on there, and that it was watched. */
export function useTelling(player: Player, videoId: string, isPerson: boolean): void {
  const api = useApi()
  useEffect(() => {
    const { video } = player
    const path = `/videos/${encodeURIComponent(videoId)}`
    const away = new AbortController()
    let toldMs = -1
    let watchedMs = 0
    let lastMs: number | undefined
    let told = 0

    const tell = (isLast = false) => {
      if (player.film?.id !== videoId || video.readyState === 0) return
      const atMs = Math.floor(video.currentTime * 1000)
      if (Math.abs(atMs - toldMs) < 1000) return
      toldMs = atMs
      keepPlace(videoId, atMs)
      if (!isPerson) return
      const durationMs = Math.floor(player.store.get().durationS * 1000)
      const body = { atMs, ...(durationMs > 0 ? { durationMs } : {}) }
      if (isLast) sendLast(`/api${path}/progress`, body)
      else void api.send('PUT', `${path}/progress`, body, { withoutSession: true }).catch(() => undefined)
    }
    const watch = () => {
      const nowMs = performance.now()
      if (lastMs !== undefined && !video.paused) watchedMs += Math.min(1000, nowMs - lastMs)
      lastMs = nowMs
      const nextMs = viewAfterMs[told]
      const isWhole = video.ended && told === 0
      if (!isWhole && (nextMs === undefined || watchedMs < nextMs)) return
      told += 1
      void api.send('POST', `${path}/views`, { watchedMs: Math.floor(watchedMs) }, { withoutSession: true }).catch(() => undefined)
    }
    const { signal } = away
    video.addEventListener('timeupdate', watch, { signal })
    for (const name of ['pause', 'seeked', 'ended']) video.addEventListener(name, () => tell(), { signal })
    addEventListener('pagehide', () => tell(true), { signal })
    const timer = setInterval(() => !video.paused && tell(), everyMs)
    return () => {
      tell(true)
      clearInterval(timer)
      away.abort()
    }
  }, [player, videoId, isPerson, api])
}

/** A page that is left may still say one thing. */
function sendLast(address: string, body: object): void {
  const headers = { 'content-type': 'application/json' }
  void fetch(address, { method: 'PUT', headers, body: JSON.stringify(body), keepalive: true }).catch(() => undefined)
}
