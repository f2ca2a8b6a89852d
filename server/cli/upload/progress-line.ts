import type { UploadState } from '#uploader/index.ts'

const cells = 24
const waiting = { line: 'waiting for the line', busy: 'waiting for the server', full: 'waiting for room on the server' }
const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** One line of a terminal that says where a file stands: what the server holds, not what was handed to the network. */
export function progressLine(state: UploadState, name: string, size: number, width: number): string {
  return cut(`${wordsOf(state, size)}  ${name}`, width)
}

function wordsOf(state: UploadState, size: number): string {
  switch (state.state) {
    case 'waiting':
      return 'waiting'
    case 'opening':
      return state.trouble === undefined ? 'opening' : waiting[state.trouble.kind]
    case 'sending': {
      const share = size === 0 ? 1 : state.heldBytes / size
      // 100 % stands for all of it: what is not yet all is never rounded up to it.
      const percent = `${Math.floor(share * 100)} %`.padStart(5)
      if (state.trouble !== undefined) return `${bar(share)} ${percent}  ${waiting[state.trouble.kind]}`
      return `${bar(share)} ${percent}  ${toBytes(state.bytesPerSecond)}/s  ${timeLeft(state.secondsLeft)}`
    }
    case 'verifying':
      return `${bar(1)}  verifying`
    case 'paused':
      return `paused at ${toBytes(state.heldBytes)} of ${toBytes(size)}`
    case 'done':
      return `sent ${toBytes(size)}`
    case 'failed':
      return 'failed'
    case 'cancelled':
      return 'cancelled'
  }
}

function bar(share: number): string {
  const full = Math.floor(share * cells)
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)}`
}

export function toBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

export function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return 'time unknown'
  if (seconds < 60) return 'less than a minute'
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `about ${minutes} min`
  return `about ${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** A line that wraps could not be written over. Wide characters count twice. */
function cut(line: string, width: number): string {
  let used = 0
  let kept = ''
  for (const character of line) {
    used += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
      character,
    )
      ? 2
      : 1
    if (used >= width) return `${kept}…`
    kept += /\p{Cc}/u.test(character) ? '?' : character
  }
  return kept
}
