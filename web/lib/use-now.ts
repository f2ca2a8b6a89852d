import { useSyncExternalStore } from 'react'

const stepMs = 30_000
const watchers = new Set<() => void>()
let now: Date | undefined
let timer: ReturnType<typeof setInterval> | undefined

/** The time of day for "3 minutes ago", renewed each half minute. Undefined in the first picture: the server's clock is another one. */
export function useNow(): Date | undefined {
  return useSyncExternalStore(
    watch,
    () => now,
    () => undefined,
  )
}

/** One clock for all who look at it, and none where nobody does. */
function watch(changed: () => void): () => void {
  watchers.add(changed)
  if (timer === undefined) {
    timer = setInterval(tick, stepMs)
    tick()
  }
  return () => {
    watchers.delete(changed)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
    now = undefined
  }
}

function tick(): void {
  now = new Date()
  for (const changed of watchers) changed()
}
