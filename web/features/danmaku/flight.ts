import { useSyncExternalStore } from 'react'
import { createStore, type Store } from '#web/player/store.ts'
import type { Flying } from '#web/player/danmaku/flying.ts'

export type Flight = {
  items: readonly Flying[]
  heat: readonly number[]
  total: number
  isOn: boolean
  /** Which of them the viewer likes. */
  liked: ReadonlySet<string>
}

type Known = { store: Store<Flight>; arrivals: Set<(item: Flying) => void>; asked: Set<string> }

const films = new Map<string, Known>()

/** What is known of the danmaku of a film, as long as the tab lives. */
export function flightOf(vid: string): Known {
  let known = films.get(vid)
  if (!known) {
    known = {
      store: createStore<Flight>({ items: [], heat: [], total: 0, isOn: true, liked: new Set() }),
      arrivals: new Set(),
      asked: new Set(),
    }
    films.set(vid, known)
  }
  return known
}

export function useDanmakuTotal(vid: string): number {
  const { store } = flightOf(vid)
  return useSyncExternalStore(
    store.watch,
    () => store.get().total,
    () => 0,
  )
}

/** In the order of their moments, each once. */
export function merge(before: readonly Flying[], more: readonly Flying[]): Flying[] {
  const byId = new Map([...before, ...more].map((one) => [one.id, one]))
  return [...byId.values()].sort((one, other) => one.atMs - other.atMs)
}

export function arrive(vid: string, item: Flying, isLive: boolean): void {
  const { store, arrivals } = flightOf(vid)
  const { items, total } = store.get()
  if (items.some(({ id }) => id === item.id)) return
  store.set({ items: merge(items, [item]), total: total + 1 })
  if (isLive) for (const told of arrivals) told(item)
}

export function withdraw(vid: string, id: string): void {
  const { store } = flightOf(vid)
  const { items, total } = store.get()
  if (items.some((one) => one.id === id)) store.set({ items: items.filter((one) => one.id !== id), total: Math.max(0, total - 1) })
}
