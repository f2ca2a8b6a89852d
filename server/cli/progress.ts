import type { Progress } from '#server/database/backup/lines.ts'
import type { Terminal } from './verb.ts'

const words: Record<Parameters<Progress>[0], (name: string, count: number) => string> = {
  rows: (name, count) => `Rows of ${name}: ${count}`,
  blobs: (name, count) => `Files: ${count}, ${name}`,
  reading: (name) => `Reading it back: ${name}`,
}
const clearLine = '\r\u001b[2K'
const everyMs = 100

/** One line that changes, where somebody watches; nothing elsewhere. Ends the work with the terminal's signal. */
export function showProgress(terminal: Terminal): { progress: Progress; clear(): void } {
  let saidMs = Number.NEGATIVE_INFINITY
  let isShown = false
  return {
    progress(doing, name, count) {
      terminal.signal.throwIfAborted()
      const nowMs = performance.now()
      if (!terminal.isInteractive || nowMs - saidMs < everyMs) return
      terminal.err(`${clearLine}${words[doing](name, count)}`)
      saidMs = nowMs
      isShown = true
    },
    clear() {
      if (isShown) terminal.err(clearLine)
      isShown = false
    },
  }
}
