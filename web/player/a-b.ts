import type { PlayerState } from './player-state.ts'
import type { Store } from './store.ts'

export type Loop = { mark(): void; clear(): void }

/** A part of the film, again and again. */
export function createLoop(video: HTMLVideoElement, store: Store<PlayerState>): Loop {
  video.addEventListener('timeupdate', () => {
    const { loopFromS, loopToS } = store.get()
    if (loopFromS === undefined || loopToS === undefined) return
    if (video.currentTime >= loopToS || video.currentTime < loopFromS - 0.5) video.currentTime = loopFromS
  })
  return {
    mark() {
      const { loopFromS, loopToS } = store.get()
      const atS = video.currentTime
      if (loopFromS === undefined || loopToS !== undefined) store.set({ loopFromS: atS, loopToS: undefined })
      else if (atS > loopFromS + 0.1) store.set({ loopToS: atS })
      else store.set({ loopFromS: atS })
    },
    clear: () => store.set({ loopFromS: undefined, loopToS: undefined }),
  }
}
