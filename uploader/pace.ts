export type Pace = {
  readonly blockBytes: number
  readonly lanes: number
  took(bytes: number, ms: number, nowMs: number): void
  broke(nowMs: number): void
  /** The server takes no blocks of this size. */
  tooLarge(bytes: number): void
}

const leastBytes = 64 * 1024
const mostBytes = 16 * 1024 * 1024
const mostLanes = 4
/** A block may take between these times; what is in flight when a line breaks is lost. */
const leastMs = 80
const mostMs = 1500
/** So much of the time between two breaks may be in flight: an expected loss of half of it. */
const riskedShare = 0.01
/** No block is larger than this share of its file, so that four accidents with all lanes in flight cost less than a fiftieth of it. */
const shareOfFile = 1 / 1024

/**
 * How large blocks are and how many go at once. A block takes a hundredth of the time that the line usually holds, so that a line
 * that breaks all the time costs little and a calm one has few requests; a break halves the lanes, calm brings them back.
 */
export function createPace(startMs: number, fileBytes: number): Pace {
  let bytesPerMs = leastBytes / leastMs
  let brokenMs = startMs
  let holdsMs = 0
  let lanes = 2
  let calmBlocks = 0
  let allowedBytes = Math.max(leastBytes, Math.min(mostBytes, fileBytes * shareOfFile))
  let nowMs = startMs
  return {
    get blockBytes() {
      const calmMs = Math.max(holdsMs, nowMs - brokenMs)
      const wishedMs = Math.min(mostMs, Math.max(leastMs, calmMs * riskedShare))
      return Math.floor(Math.min(allowedBytes, Math.max(leastBytes, bytesPerMs * wishedMs)) / 1024) * 1024
    },
    get lanes() {
      return lanes
    },
    took(bytes, ms, atMs) {
      nowMs = atMs
      bytesPerMs += (bytes / Math.max(1, ms) - bytesPerMs) * 0.3
      calmBlocks++
      if (calmBlocks % 4 === 0) lanes = Math.min(mostLanes, lanes + 1)
    },
    broke(atMs) {
      nowMs = atMs
      holdsMs = (holdsMs + (atMs - brokenMs)) / 2
      brokenMs = atMs
      calmBlocks = 0
      lanes = Math.max(1, lanes >> 1)
    },
    tooLarge(bytes) {
      allowedBytes = Math.max(leastBytes, Math.min(allowedBytes, bytes >> 1))
    },
  }
}
