import { createLoop, type Loop } from './a-b.ts'
import { attendVideo } from './attend-video.ts'
import { neighbourChapter } from './chapters.ts'
import type { EngineFigures } from './engine/engine.ts'
import type { PlayerFilm } from './film.ts'
import { keepHabits, readHabits } from './habits.ts'
import { firstState, type FullPicture, type PlayerState } from './player-state.ts'
import { Projection } from './projection.ts'
import { createStore, type Store } from './store.ts'

export const rates = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4] as const

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

const beginsByItself = (film: PlayerFilm) => readHabits().beginsByItself && !film.waits

/**
 * One player: a `<video>` that outlives the page it was opened on, and the state of everything around it. Requests go in by its verbs, state comes
 * out of `store`; times are asked of the element.
 */
export class Player {
  readonly video: HTMLVideoElement
  readonly store: Store<PlayerState>
  /** Set by whoever shows the player: what is made full. It outlives the film, so that the next one is as large. */
  frame: HTMLElement | undefined
  readonly #projection: Projection
  readonly #loop: Loop
  readonly #away = new AbortController()
  #film: PlayerFilm | undefined

  constructor() {
    const { volume, isMuted, rate, quality, isTheatre } = readHabits()
    this.video = document.createElement('video')
    this.video.className = 'player-video'
    this.video.playsInline = true
    this.video.preload = 'auto'
    this.video.volume = volume
    this.video.muted = isMuted
    this.video.defaultPlaybackRate = this.video.playbackRate = rate
    this.video.preservesPitch = true
    this.store = createStore<PlayerState>({ ...firstState, volume, isMuted, rate, quality, isTheatre })
    this.#projection = new Projection(this.video, this.store)
    this.#loop = createLoop(this.video, this.store)
    attendVideo(this, this.#away.signal)
  }

  get film(): PlayerFilm | undefined {
    return this.#film
  }

  /** `isHeld`: it comes, and begins when it is told to. */
  open(film: PlayerFilm, { isHeld = false } = {}): void {
    this.#film = film
    const { volume, isMuted, rate, quality, isTheatre, full, isInPip } = this.store.get()
    const fresh = { ...firstState, volume, isMuted, rate, quality, isTheatre, full, isInPip }
    this.store.set({
      ...fresh,
      durationS: (film.durationMs ?? 0) / 1000,
      resumedFromS: film.isResumed ? film.startMs / 1000 : undefined,
    })
    this.#projection.open(film, !isHeld && beginsByItself(film))
  }

  begin(film: PlayerFilm): void {
    if (beginsByItself(film)) this.#projection.begin()
  }

  close(): void {
    this.#away.abort()
    this.#projection.close()
    if (document.pictureInPictureElement === this.video) void document.exitPictureInPicture().catch(() => undefined)
    this.video.remove()
  }

  play(): void {
    const marks = this.#film?.marks
    if (marks && this.store.get().isEnded) this.seek(marks.beginS)
    void this.#projection.play()
  }

  pause(): void {
    this.#projection.pause()
  }

  toggle(): void {
    if (this.video.paused || this.video.ended) this.play()
    else this.pause()
  }

  seek(toS: number): void {
    const { durationS } = this.store.get()
    this.video.currentTime = clamp(toS, 0, durationS > 0 ? durationS : Number.MAX_SAFE_INTEGER)
  }

  seekBy(byS: number): void {
    this.seek(this.video.currentTime + byS)
  }

  step(frames: number): void {
    this.pause()
    const rate = this.store.get().shown?.rate || 25
    this.seek(this.video.currentTime + frames / rate)
  }

  stepChapter(by: 1 | -1): void {
    const next = neighbourChapter(this.#film?.chapters ?? [], this.video.currentTime, by)
    if (next) this.seek(next.fromS)
  }

  setRate(rate: number): void {
    const kept = clamp(rate, 0.25, 4)
    this.video.playbackRate = this.video.defaultPlaybackRate = kept
    keepHabits({ rate: kept })
  }

  stepRate(by: 1 | -1): void {
    const now = this.video.playbackRate
    const next = by > 0 ? rates.find((rate) => rate > now + 0.001) : rates.findLast((rate) => rate < now - 0.001)
    if (next !== undefined) this.setRate(next)
  }

  setVolume(volume: number): void {
    this.video.volume = clamp(volume, 0, 1)
    this.video.muted = volume <= 0
    keepHabits({ volume: this.video.volume, isMuted: this.video.muted })
  }

  mute(isMuted: boolean): void {
    this.video.muted = isMuted
    if (!isMuted && this.video.volume === 0) this.video.volume = 0.5
    keepHabits({ isMuted, volume: this.video.volume })
    this.store.set({ isHushed: false })
  }

  chooseQuality(quality: string): void {
    keepHabits({ quality })
    this.#projection.choose(quality)
  }

  chooseAudio(id: number): void {
    this.#projection.chooseAudio(id)
  }

  retry(): void {
    this.#projection.retry()
  }

  setLooping(isLooping: boolean): void {
    this.video.loop = isLooping
    this.store.set({ isLooping })
  }

  /** The start, the end, and then no part any more. */
  markLoop(): void {
    this.#loop.mark()
  }

  clearLoop(): void {
    this.#loop.clear()
  }

  startOver(): void {
    this.store.set({ resumedFromS: undefined })
    this.seek(this.#film?.marks.beginS ?? 0)
    this.play()
  }

  setTheatre(isTheatre: boolean): void {
    keepHabits({ isTheatre })
    this.store.set({ isTheatre })
  }

  async setFull(full: FullPicture): Promise<void> {
    const { frame, video } = this
    if (full !== 'screen' && document.fullscreenElement) await document.exitFullscreen().catch(() => undefined)
    if (full === 'screen') {
      if (frame?.requestFullscreen) await frame.requestFullscreen().catch(() => undefined)
      else (video as { webkitEnterFullscreen?: () => void }).webkitEnterFullscreen?.()
      return
    }
    this.store.set({ full })
  }

  async togglePip(): Promise<void> {
    if (document.pictureInPictureElement === this.video) await document.exitPictureInPicture().catch(() => undefined)
    else await this.video.requestPictureInPicture?.().catch(() => undefined)
  }

  figures(): EngineFigures {
    return this.#projection.figures()
  }
}
