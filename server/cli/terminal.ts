import { environment } from '#server/config/environment.ts'
import type { Terminal } from './verb.ts'

/** Through npm a Ctrl-C reaches the process twice: a second signal within this time is the same one. */
const sameSignalMs = 5000

/** The terminal of this process. The first signal asks to end; one that comes later, while ending, ends at once. */
export function openTerminal(): Terminal & Disposable {
  const ending = new AbortController()
  let askedMs: number | undefined
  const ask = () => {
    if (askedMs === undefined) {
      askedMs = performance.now()
      ending.abort()
    } else if (performance.now() - askedMs > sameSignalMs) process.kill(process.pid, 'SIGKILL')
  }
  process.on('SIGINT', ask)
  process.on('SIGTERM', ask)
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    signal: ending.signal,
    environment,
    isInteractive: Boolean(process.stdout.isTTY && process.stdin.isTTY),
    // Once it has been asked to end it stays deaf: npm may hand a Ctrl-C on late, and what has ended cleanly must not be killed by it.
    [Symbol.dispose]() {
      if (askedMs !== undefined) return
      process.off('SIGINT', ask)
      process.off('SIGTERM', ask)
    },
  }
}
