/** The line to Redis is down, or so slow that nobody should wait for it. Each adapter knows what to do without. */
export class LineDown extends Error {
  override readonly name = 'LineDown'
}

const states = [
  'LOADING',
  'READONLY',
  'MASTERDOWN',
  'OOM',
  'MISCONF',
  'BUSY',
  'NOREPLICAS',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'NOAUTH',
  'WRONGPASS',
  'NOPERM',
]

/** Answers of a Redis that is there and cannot serve: still starting, taken over, out of memory. Other errors it answers are faults of ours. */
export function isState(error: unknown): error is Error {
  return error instanceof Error && states.some((state) => error.message.startsWith(`${state} `))
}

/** An answer of Redis, as opposed to a broken line. */
export function isAnswer(error: unknown): error is Error {
  return error instanceof Error && /^[A-Z]{2,} /.test(error.message)
}
