import { useEffect } from 'react'
import type { PlayerFilm } from './film.ts'
import { usePlayer, usePlayerState } from './use-player.ts'

/** What the device shows and offers while a film runs: its title and keys outside of the page, and a screen that stays on. */
export function useSurroundings(film: PlayerFilm): void {
  useMediaSession(film)
  useWakeLock()
}

function useMediaSession({ title, artist, poster }: PlayerFilm): void {
  const player = usePlayer()
  const isPaused = usePlayerState('isPaused')
  useEffect(() => {
    if (!('mediaSession' in navigator)) return
    const { mediaSession } = navigator
    const artwork = poster ? [{ src: poster, sizes: '640x360', type: 'image/jpeg' }] : []
    mediaSession.metadata = new MediaMetadata({ title, artist, artwork })
    const acts: [MediaSessionAction, MediaSessionActionHandler][] = [
      ['play', () => player.play()],
      ['pause', () => player.pause()],
      ['seekbackward', ({ seekOffset }) => player.seekBy(-(seekOffset ?? 10))],
      ['seekforward', ({ seekOffset }) => player.seekBy(seekOffset ?? 10)],
      ['seekto', ({ seekTime }) => seekTime !== undefined && player.seek(seekTime)],
    ]
    for (const [name, act] of acts) mediaSession.setActionHandler(name, act)
    return () => {
      for (const [name] of acts) mediaSession.setActionHandler(name, null)
      mediaSession.metadata = null
    }
  }, [player, title, artist, poster])
  useEffect(() => {
    if ('mediaSession' in navigator) navigator.mediaSession.playbackState = isPaused ? 'paused' : 'playing'
  }, [isPaused])
  useEffect(() => {
    if (!('mediaSession' in navigator)) return
    const away = new AbortController()
    for (const name of ['play', 'pause', 'seeked', 'ratechange', 'durationchange'])
      player.video.addEventListener(name, () => tellPlace(player.video), { signal: away.signal })
    return () => away.abort()
  }, [player])
}

/** For the bar that a device shows of what plays. */
function tellPlace({ duration, currentTime, playbackRate }: HTMLVideoElement): void {
  if (!Number.isFinite(duration) || duration <= 0) return navigator.mediaSession.setPositionState()
  navigator.mediaSession.setPositionState({ duration, playbackRate, position: Math.min(currentTime, duration) })
}

function useWakeLock(): void {
  const isPaused = usePlayerState('isPaused')
  useEffect(() => {
    if (isPaused || !('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | undefined
    let isOver = false
    const ask = async () => {
      if (document.visibilityState !== 'visible') return
      const held = await navigator.wakeLock.request('screen').catch(() => undefined)
      if (isOver) await held?.release()
      else lock = held
    }
    const again = () => void ask()
    again()
    document.addEventListener('visibilitychange', again)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', again)
      void lock?.release().catch(() => undefined)
    }
  }, [isPaused])
}
