import { useSyncExternalStore } from 'react'
import type { Video } from '#shared/api/videos.ts'
import type { PlayerFilm } from '#web/player/film.ts'
import { Player } from '#web/player/player.ts'
import { createStore, type Store } from '#web/player/store.ts'

export type Screening = { film: PlayerFilm; video: Video }

/** The one film of this tab. Its player stands in the page of the film, and in a corner while others are read. */
export class NowPlaying {
  readonly host: HTMLElement
  readonly player: Player
  readonly store: Store<{ screening: Screening; isMini: boolean }>
  corner: HTMLElement | undefined
  #slot: HTMLElement | undefined
  #isHeld: boolean

  /** `isHeld`: it comes, and begins where it is first shown. */
  constructor(screening: Screening, { isHeld = false } = {}) {
    this.#isHeld = isHeld
    this.host = document.createElement('div')
    this.host.className = 'stage-host'
    this.player = new Player()
    this.player.frame = this.host
    this.store = createStore({ screening, isMini: false })
    this.player.open(screening.film, { isHeld })
  }

  enter(slot: HTMLElement, screening: Screening): void {
    const isSame = this.store.get().screening.film.id === screening.film.id
    this.#slot = slot
    move(this.host, slot)
    if (!isSame) this.player.open(screening.film)
    else if (this.#isHeld) this.player.begin(screening.film)
    this.#isHeld = false
    this.store.set(isSame ? { isMini: false } : { isMini: false, screening })
  }

  /** The page of the film is left: what plays goes on in the corner. False where nothing does. */
  leave(slot: HTMLElement): boolean {
    if (this.#slot !== slot) return true
    this.#slot = undefined
    const { isPaused, isEnded, isInPip, full } = this.player.store.get()
    const isOnward = full !== 'no' && location.pathname.startsWith('/watch/')
    if (full !== 'no' && !isOnward) void this.player.setFull('no')
    if (!this.corner || (!isOnward && (isPaused || isEnded) && !isInPip)) return false
    move(this.host, this.corner)
    if (isOnward) this.#awaitNext()
    else this.store.set({ isMini: true })
    return true
  }

  /** From film to film the picture stays as large as it is. Whoever leaves it before the next one stands leaves the film. */
  #awaitNext(): void {
    const { store } = this.player
    const stop = store.watch(() => {
      if (this.#slot) return stop()
      if (store.get().full !== 'no') return
      stop()
      if (nowPlaying() === this) setNowPlaying(undefined)
    })
  }

  close(): void {
    this.player.close()
    this.host.remove()
  }
}

/** A film that is moved in one step goes on; taken out and put in again, it would stop. */
function move(element: HTMLElement, into: HTMLElement & { moveBefore?(node: Node, before: Node | null): void }): void {
  if (element.isConnected && into.isConnected && into.moveBefore) into.moveBefore(element, null)
  else into.append(element)
}

let current: NowPlaying | undefined
const watchers = new Set<() => void>()

export function nowPlaying(): NowPlaying | undefined {
  return current
}

export function setNowPlaying(next: NowPlaying | undefined): void {
  if (current !== next) current?.close()
  current = next
  for (const changed of [...watchers]) changed()
}

/** Undefined on the server, and where no film has been opened. */
export function useNowPlaying(): NowPlaying | undefined {
  return useSyncExternalStore(
    (changed) => {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    () => current,
    () => undefined,
  )
}
