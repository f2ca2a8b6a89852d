import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Player } from './player.ts'
import type { PlayerState } from './player-state.ts'

const Context = createContext<Player | undefined>(undefined)
export const PlayerProvider = Context.Provider

export function usePlayer(): Player {
  const player = useContext(Context)
  if (!player) throw new Error('There is no player here.')
  return player
}

/** One thing of the player's state; what is shown changes when it does. */
export function usePlayerState<K extends keyof PlayerState>(name: K, player = usePlayer()): PlayerState[K] {
  return useSyncExternalStore(player.store.watch, () => player.store.get()[name])
}
