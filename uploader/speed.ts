export type Speed = { bytesPerSecond: number; secondsLeft: number | undefined }

const spanMs = 15_000
const enoughMs = 1000

/** The speed of the last quarter of a minute, and the time that what is left takes at it. */
export function createSpeedometer(): { saw(heldBytes: number, nowMs: number): void; speed(leftBytes: number, nowMs: number): Speed } {
  let seen: { heldBytes: number; atMs: number }[] = []
  return {
    saw(heldBytes, nowMs) {
      const last = seen.at(-1)
      // Bytes that were held after all, or are wanted again, are not speed.
      if (last && heldBytes < last.heldBytes) seen = []
      seen.push({ heldBytes, atMs: nowMs })
      while (seen.length > 2 && (seen[1]?.atMs ?? nowMs) < nowMs - spanMs) seen.shift()
    },
    speed(leftBytes, nowMs) {
      const [first] = seen
      const last = seen.at(-1)
      if (!first || !last || nowMs - first.atMs < enoughMs) return { bytesPerSecond: 0, secondsLeft: undefined }
      const bytesPerSecond = ((last.heldBytes - first.heldBytes) / (nowMs - first.atMs)) * 1000
      return { bytesPerSecond, secondsLeft: bytesPerSecond > 0 ? leftBytes / bytesPerSecond : undefined }
    },
  }
}
