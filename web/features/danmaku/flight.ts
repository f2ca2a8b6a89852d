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

type Known = {
  store: Store<Flight>
  arrivals: Set<(item: Flying) => void>
  asked: Set<string>
  /** Of what came live and only made the number of another grow: which that is. */
  merged: Map<string, string>
  gone: Set<string>
}

const films = new Map<string, Known>()

/** What is known of the danmaku of a film, as long as the tab lives. */
export function flightOf(vid: string): Known {
  let known = films.get(vid)
  if (!known) {
    known = {
      store: createStore<Flight>({ items: [], heat: [], total: 0, isOn: true, liked: new Set() }),
      arrivals: new Set(),
      asked: new Set(),
      merged: new Map(),
      gone: new Set(),
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
  const { store, arrivals, merged } = flightOf(vid)
  const { items, total } = store.get()
  if (merged.has(item.id) || items.some(({ id }) => id === item.id)) return
  // One's own flies by itself: one looks for it.
  const alike = isLive && !item.isOwn ? items.find((one) => isAlike(one, item)) : undefined
  if (alike) merged.set(item.id, alike.id)
  const flown = alike ? { ...alike, count: alike.count + item.count } : item
  store.set({ items: merge(items, [flown]), total: total + 1 })
  if (isLive) for (const told of arrivals) told(flown)
}

/** While it still flies, what says the same makes its number grow; the house merges more of them once they are fetched. */
const nearMs = 8000

const isAlike = (one: Flying, other: Flying) =>
  one.mode === other.mode && Math.abs(one.atMs - other.atMs) < nearMs && sayingOf(one.text) === sayingOf(other.text)

/** Without capitals, signs and repeats: 哈哈哈！ is 哈, 666 is 6. */
export function sayingOf(text: string): string {
  const bare = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
  const once = bare.replaceAll(/(.)\1+/gu, '$1').replace(/^(.{2,}?)\1+$/u, '$1')
  return once === '' ? text : once
}

/** Of what several have said one less is counted; it goes with the last of them. */
export function withdraw(vid: string, id: string): void {
  const { store, arrivals, merged, gone } = flightOf(vid)
  const { items, total } = store.get()
  const shown = items.find((one) => one.id === (merged.get(id) ?? id))
  if (!shown || gone.has(id)) return
  gone.add(id)
  const left = items.filter((one) => one !== shown)
  const rest = { ...shown, count: shown.count - 1, isOwn: shown.isOwn && shown.id !== id }
  const isLast = rest.count < 1
  store.set({ items: isLast ? left : merge(left, [rest]), total: Math.max(0, total - 1) })
  if (!isLast) for (const told of arrivals) told(rest)
}
