import type { Engine, EngineFailure, EngineFigures } from './engine/engine.ts'
import { openFile } from './engine/file-engine.ts'
import type { PlayerFilm } from './film.ts'
import { readHabits } from './habits.ts'
import type { PlayerState, Trouble } from './player-state.ts'
import type { Store } from './store.ts'

const noFigures: EngineFigures = { engine: '', bitRate: 0, lineRate: 0, codecs: '' }
const preparingPauseMs = 3000
const crowdedPauseMs = 5000
/** What the next piece that comes has overcome. */
const passing = new Set<Trouble['kind']>(['offline', 'crowded', 'preparing'])
const offlinePausesMs = [1000, 2000, 4000, 8000, 15_000]
/** A session is asked for once, and once more when the film has run so long since. */
const renewalRestMs = 60_000

/** On the page of a film the engine is on its way before the page stands; elsewhere it is fetched when a film is opened. */
if (typeof document !== 'undefined' && location.pathname.startsWith('/watch/')) void import('./engine/hls-engine.ts').catch(() => undefined)

/** Brings the film into the element by one engine or the other, and goes on by itself after whatever can pass. */
export class Projection {
  readonly #video: HTMLVideoElement
  readonly #store: Store<PlayerState>
  #film: PlayerFilm | undefined
  #engine: Engine | undefined
  /** Each opening ends the ones before, however late they come back. */
  #turn = 0
  #wants = false
  #pause: ReturnType<typeof setTimeout> | undefined
  #offlineTries = 0
  /** What stands in the way, while there is still something to be seen. */
  #ahead: Trouble | undefined
  #triedOriginal = false
  #renewedAtMs = Number.NEGATIVE_INFINITY

  constructor(video: HTMLVideoElement, store: Store<PlayerState>) {
    this.#video = video
    this.#store = store
    const goesOn = () => {
      if (video.readyState < 3 || store.get().trouble === undefined) return
      this.#offlineTries = 0
      store.set({ trouble: undefined })
    }
    video.addEventListener('timeupdate', goesOn)
    video.addEventListener('canplay', goesOn)
    video.addEventListener('waiting', () => this.#ahead && store.set({ trouble: this.#ahead }))
    video.addEventListener('progress', () => {
      if (this.#ahead && passing.has(this.#ahead.kind)) this.#ahead = undefined
    })
  }

  open(film: PlayerFilm, begins: boolean): void {
    this.#film = film
    this.#wants = begins
    this.#triedOriginal = false
    this.#renewedAtMs = Number.NEGATIVE_INFINITY
    this.#offlineTries = 0
    void this.#start(film.startMs / 1000)
  }

  /** What was opened before its time: it plays as soon as there is something to play. */
  begin(): void {
    this.#wants = true
    if (this.#engine) void this.#tryToPlay()
  }

  close(): void {
    this.#turn += 1
    this.#ahead = undefined
    clearTimeout(this.#pause)
    this.#engine?.close()
    this.#engine = undefined
    removeEventListener('online', this.#online)
  }

  async play(): Promise<void> {
    this.#wants = true
    this.#store.set({ needsTouch: false, isHushed: false })
    if (this.#store.get().trouble) return this.retry()
    await this.#tryToPlay()
  }

  pause(): void {
    this.#wants = false
    this.#video.pause()
  }

  /** Between rows the engine changes by itself; to the original and back another engine takes over where this one is. */
  choose(quality: string): void {
    const { quality: before } = this.#store.get()
    this.#store.set({ quality })
    if ((before === 'original') === (quality === 'original') && this.#engine) return this.#engine.choose(quality)
    this.#wants = !this.#video.paused || this.#wants
    void this.#start(this.#video.currentTime)
  }

  chooseAudio(id: number): void {
    this.#engine?.chooseAudio(id)
    this.#changed()
  }

  retry(): void {
    const { trouble = this.#ahead } = this.#store.get()
    this.#ahead = undefined
    // What says that there is no line stays until there is a picture: it would only blink.
    if (trouble?.kind !== 'offline') this.#store.set({ trouble: undefined })
    if (trouble?.kind === 'offline' && this.#engine) {
      this.#engine.retry()
      if (this.#wants) void this.#tryToPlay()
    } else void this.#start(this.#video.currentTime || (this.#film?.startMs ?? 0) / 1000)
  }

  figures(): EngineFigures {
    return this.#engine?.figures() ?? noFigures
  }

  async #start(atS: number, byFile = this.#store.get().quality === 'original'): Promise<void> {
    const film = this.#film
    this.close()
    if (!film) return
    const turn = this.#turn
    addEventListener('online', this.#online)
    const events = { changed: () => this.#changed(), failed: (failure: EngineFailure) => void this.#failed(failure, turn) }
    const { quality } = this.#store.get()
    const parts = { video: this.#video, startS: atS, quality, isSaving: readHabits().isSaving, events }
    try {
      this.#engine = byFile ? openFile({ ...parts, url: film.original }) : await this.#openRows(film, parts, turn)
    } catch {
      return void this.#failed({ kind: 'unreachable' }, turn)
    }
    if (turn === this.#turn && this.#wants) await this.#tryToPlay()
  }

  async #openRows(film: PlayerFilm, parts: Omit<Parameters<typeof openFile>[0], 'url'>, turn: number): Promise<Engine | undefined> {
    const { canHls, openHls } = await import('./engine/hls-engine.ts')
    if (turn !== this.#turn) return this.#engine
    return canHls() ? openHls({ ...parts, url: film.hls }) : openFile({ ...parts, url: film.hls })
  }

  #changed(): void {
    const engine = this.#engine
    if (!engine) return
    // The source has no rows: those of the film can be chosen all the same.
    const qualities = engine.qualities.length > 0 ? engine.qualities : this.#store.get().qualities
    this.#store.set({ qualities, shown: engine.shown, audios: engine.audios, audio: engine.audio })
  }

  /** With sound, else in silence, else by a button: browsers decide. */
  async #tryToPlay(): Promise<void> {
    const turn = this.#turn
    const video = this.#video
    try {
      await video.play()
    } catch (refusal) {
      if (turn !== this.#turn || !(refusal instanceof DOMException) || refusal.name !== 'NotAllowedError') return
      if (video.muted) return this.#store.set({ needsTouch: true })
      video.muted = true
      const isHushed = await video.play().then(
        () => true,
        () => false,
      )
      if (!isHushed) video.muted = false
      this.#store.set({ isHushed, needsTouch: !isHushed })
    }
  }

  async #failed(failure: EngineFailure, turn: number): Promise<void> {
    if (turn !== this.#turn) return
    const atS = this.#video.currentTime
    if (failure.kind === 'unreachable') return this.#waitFor({ kind: 'offline' }, offlinePausesMs[this.#offlineTries++] ?? 15_000)
    if (failure.kind !== 'refused') {
      if (!this.#triedOriginal && this.#store.get().quality !== 'original') {
        this.#triedOriginal = true
        return await this.#start(atS, true)
      }
      if (failure.kind === 'not yet' || !this.#isKnown()) return this.#waitFor({ kind: 'preparing' }, preparingPauseMs)
      return this.#store.set({ trouble: { kind: 'broken' } })
    }
    await this.#refused(failure.status, turn)
  }

  /** Nothing of it was ever shown: it may not be made yet. */
  #isKnown(): boolean {
    return this.#store.get().qualities.length > 0
  }

  async #refused(status: number, turn: number): Promise<void> {
    const film = this.#film
    if (!film) return
    if (status === 429) {
      const { text, pauseMs } = await askWhy(film.hls)
      if (turn === this.#turn) this.#waitFor({ kind: 'crowded', text }, pauseMs)
      return
    }
    if (performance.now() - this.#renewedAtMs > renewalRestMs) {
      this.#foresee({ kind: 'signed out' })
      const isRenewed = await film.renew().catch(() => undefined)
      if (turn !== this.#turn) return
      if (isRenewed === undefined) return this.#failed({ kind: 'unreachable' }, turn)
      this.#renewedAtMs = performance.now()
      if (isRenewed) return this.retry()
    }
    this.#foresee({ kind: 'gone' })
  }

  /** Said when the picture stops: as long as there is something to see, nobody need know. */
  #foresee(trouble: Trouble): void {
    this.#ahead = trouble
    if (this.#video.readyState < 3) this.#store.set({ trouble })
  }

  #waitFor(trouble: Trouble, ms: number): void {
    this.#foresee(trouble)
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => {
      this.#triedOriginal = trouble.kind === 'preparing'
      this.retry()
    }, ms)
  }

  readonly #online = (): void => {
    if ((this.#store.get().trouble ?? this.#ahead)?.kind === 'offline') this.retry()
  }
}

/** What the house says to one viewer too many, in the reader's language. */
async function askWhy(url: string): Promise<{ text: string; pauseMs: number }> {
  try {
    const headers = { accept: 'application/json', 'accept-language': document.documentElement.lang }
    const answer = await fetch(url, { headers })
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
    const body = (await answer.json().catch(() => ({}))) as { detail?: string; title?: string }
    return { text: body.detail ?? body.title ?? '', pauseMs: Number.isFinite(seconds) ? seconds * 1000 : crowdedPauseMs }
  } catch {
    return { text: '', pauseMs: crowdedPauseMs }
  }
}
