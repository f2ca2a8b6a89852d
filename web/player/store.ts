/** State that one hand changes and many eyes watch. For `useSyncExternalStore`. */
export type Store<T extends object> = {
  get(): T
  /** Tells nobody where nothing is different. */
  set(part: Partial<T>): void
  watch(changed: () => void): () => void
}

export function createStore<T extends object>(first: T): Store<T> {
  let state = first
  const watchers = new Set<() => void>()
  return {
    get: () => state,
    set(part) {
      const isSame = Object.entries(part).every(([name, value]) => Object.is(state[name as keyof T], value))
      if (isSame) return
      state = { ...state, ...part }
      for (const changed of [...watchers]) changed()
    },
    watch(changed) {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
  }
}
