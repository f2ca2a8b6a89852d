import type { PlayerFilm } from './film.ts'
import { isPast } from './marks.ts'
import type { PlayerState } from './player-state.ts'
import type { Store } from './store.ts'

type Attended = {
  pause(): void
  readonly video: HTMLVideoElement
  readonly store: Store<PlayerState>
  frame: HTMLElement | undefined
  readonly film: PlayerFilm | undefined
}

/** What the element tells, as state. */
export function attendVideo(player: Attended, signal: AbortSignal): void {
  const { video, store } = player
  let waiting: ReturnType<typeof setTimeout> | undefined
  const on = (names: readonly string[], act: () => void) => {
    for (const name of names) video.addEventListener(name, act, { signal })
  }
  const stopWaiting = () => {
    clearTimeout(waiting)
    store.set({ isWaiting: false })
  }
  const isOver = () => video.ended || (video.paused && player.film !== undefined && isPast(player.film.marks, video.currentTime))
  on(['play', 'pause', 'ended'], () => store.set({ isPaused: video.paused, isEnded: isOver() }))
  on(['timeupdate'], () => {
    if (!video.paused && player.film && isPast(player.film.marks, video.currentTime)) player.pause()
  })
  on(['play', 'seeking'], () => store.set({ isEnded: false }))
  on(['volumechange'], () => store.set({ volume: video.volume, isMuted: video.muted }))
  on(['ratechange'], () => store.set({ rate: video.playbackRate }))
  on(['durationchange'], () => {
    if (Number.isFinite(video.duration) && video.duration > 0) store.set({ durationS: video.duration })
  })
  on(['loadeddata'], () => store.set({ isOpening: false }))
  on(['waiting', 'seeking'], () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => store.set({ isWaiting: true }), 250)
  })
  on(['playing', 'seeked', 'canplay', 'pause', 'emptied'], stopWaiting)
  on(['enterpictureinpicture', 'leavepictureinpicture'], () => store.set({ isInPip: document.pictureInPictureElement === video }))
  document.addEventListener('fullscreenchange', () => followFullScreen(player), { signal })
}

function followFullScreen({ store, frame, video }: Attended): void {
  const isFull = document.fullscreenElement !== null && document.fullscreenElement === frame
  if (isFull === (store.get().full === 'screen')) return
  store.set({ full: isFull ? 'screen' : 'no' })
  const { orientation } = screen as { orientation?: { lock?(to: string): Promise<void>; unlock?(): void } }
  if (isFull && video.videoWidth > video.videoHeight) void orientation?.lock?.('landscape').catch(() => undefined)
  else if (!isFull) orientation?.unlock?.()
}
