import { Problem } from '#server/lib/problem.ts'
import type { Clock } from '#server/ports/clock.ts'

/** What a load answered, as everybody will see it: JSON and nothing else, and the same for all. */
export function toValue(loaded: unknown): { text: string; value: unknown; sizeBytes: number } | undefined {
  const text = JSON.stringify(loaded)
  return text === undefined ? undefined : fromText(text)
}

export function fromText(text: string): { text: string; value: unknown; sizeBytes: number } {
  return { text, value: freeze(JSON.parse(text)), sizeBytes: text.length * 2 + overheadBytes }
}

/** About what an entry costs besides its value: the record, its place in the order, its place below its tags. */
const overheadBytes = 256

/** All are answered the same object: whoever changed it would change it for all, so nobody can. */
function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}

/** A load that never ends must not hold those who wait for it, nor those who come after. */
export async function loadInTime<T>(
  load: (signal: AbortSignal) => Promise<T>,
  parts: { clock: Pick<Clock, 'after'>; timeoutMs: number; closing: AbortSignal },
): Promise<T> {
  const late = new AbortController()
  const { promise: overdue, reject } = Promise.withResolvers<never>()
  const giveUp = (reason: unknown) => {
    late.abort(reason)
    reject(reason)
  }
  const timer = parts.clock.after(parts.timeoutMs, () => giveUp(new Problem('unavailable', 'cache.load_too_long')))
  const onClose = () => giveUp(parts.closing.reason)
  if (parts.closing.aborted) onClose()
  else parts.closing.addEventListener('abort', onClose, { once: true })
  try {
    return await Promise.race([load(late.signal), overdue])
  } finally {
    timer.cancel()
    parts.closing.removeEventListener('abort', onClose)
  }
}
