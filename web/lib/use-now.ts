import { startTransition, useEffect, useState } from 'react'
import { isFirstPicture } from './first-picture.ts'

const stepMs = 30_000
const watchers = new Set<(now: Date) => void>()
let timer: ReturnType<typeof setInterval> | undefined

/**
 * The time of day for "3 minutes ago", renewed each half minute. Undefined in the first picture: the server's clock is another one. Many look at it on one
 * page, and none of them is in a hurry.
 */
export function useNow(): Date | undefined {
  const [now, setNow] = useState(() => (isFirstPicture() ? undefined : new Date()))
  useEffect(() => watch((next) => startTransition(() => setNow(next))), [])
  return now
}

/** One clock for all who look at it, and none where nobody does. */
function watch(changed: (now: Date) => void): () => void {
  watchers.add(changed)
  changed(new Date())
  timer ??= setInterval(tick, stepMs)
  return () => {
    watchers.delete(changed)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  const now = new Date()
  for (const changed of watchers) changed(now)
}
