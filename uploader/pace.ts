export type Pace = {
  readonly blockBytes: number
  readonly lanes: number
  took(bytes: number, ms: number, nowMs: number): void
  /** A request that carried nothing: the measure of a round trip. */
  answered(ms: number): void
  broke(nowMs: number): void
  /** The server is asked too often: the same in fewer blocks. */
  asksTooOften(): void
  /** The server takes no blocks of this size. */
  tooLarge(bytes: number): void
}

const KiB = 1024
const MiB = 1024 * KiB
const leastBytes = 64 * KiB
const mostBytes = 16 * MiB
/** Below this a request costs too much beside what it carries: rather fewer lanes. */
const goodBytes = 128 * KiB
const mostLanes = 4
/** A block may take between these times. */
const leastMs = 40
const mostMs = 1500
/** So many round trips should a block take, or most of its time is spent waiting for the answer. */
const roundTrips = 4
const mostRoundTripMs = 250
/** So much of the time that the line has been calm may a block take. */
const calmShare = 0.01
/** Of what passes between two breaks so much may be in flight, for that is what a break costs. */
const riskedShare = 1 / 80
/** Until a line has broken it is trusted with so much, and with more the longer it holds, but with no more than a part of a large file. */
const trustedBytes = 4 * MiB
const trustedShare = 1 / 128
const shareOfFile = 1 / 200
/** Of a small file a larger part: it is soon sent again. */
const shareOfSmallFile = 1 / 32
const nothingBytes = 256 * KiB

/**
 * How large blocks are and how many go at once. A block takes some round trips' time, so that a long line is full and a short one answers often; and all
 * that is in flight stays a small part of what the line usually carries between two breaks, so that one that breaks all the time costs little.
 */
export function createPace(startMs: number, fileBytes: number): Pace {
  // Both fade: what a lane carried lately, and how long that took.
  let lately = { bytes: leastBytes, ms: leastMs }
  let roundTripMs = Number.POSITIVE_INFINITY
  let calmSinceMs = startMs
  let nowMs = startMs
  let calmBytes = 0
  /** Between two breaks, lately. */
  let holdsBytes: number | undefined
  let allowedBytes = mostBytes
  /** What it takes at least for the server to bear the number of blocks. */
  let bearableBytes = leastBytes

  const riskedBytes = () => {
    if (holdsBytes !== undefined) return Math.max(holdsBytes, calmBytes) * riskedShare
    const ofLarge = Math.min(trustedBytes + calmBytes * trustedShare, Math.max(trustedBytes, fileBytes * shareOfFile))
    return Math.min(ofLarge, Math.max(nothingBytes, fileBytes * shareOfSmallFile))
  }
  const lanes = () => Math.max(1, Math.min(mostLanes, Math.floor(riskedBytes() / goodBytes)))

  return {
    get blockBytes() {
      const wishedMs = Math.max(
        leastMs,
        Math.min(mostMs, Math.max(roundTrips * Math.min(roundTripMs, mostRoundTripMs), (nowMs - calmSinceMs) * calmShare)),
      )
      const wishedBytes = Math.min((lately.bytes / lately.ms) * wishedMs, riskedBytes() / lanes(), allowedBytes)
      return Math.floor(Math.max(leastBytes, Math.min(bearableBytes, allowedBytes), wishedBytes) / KiB) * KiB
    },
    get lanes() {
      return lanes()
    },
    took(bytes, ms, atMs) {
      nowMs = atMs
      calmBytes += bytes
      lately = { bytes: lately.bytes * 0.7 + bytes, ms: lately.ms * 0.7 + Math.max(1, ms) }
      // The quickest answer is the nearest to a bare round trip. That it is slower when blocks queue must not make them larger still.
      roundTripMs = Math.min(roundTripMs, Math.max(1, ms))
    },
    answered(ms) {
      roundTripMs = Math.min(roundTripMs, Math.max(1, ms))
    },
    broke(atMs) {
      nowMs = atMs
      calmSinceMs = atMs
      roundTripMs = Number.POSITIVE_INFINITY
      holdsBytes = holdsBytes === undefined ? calmBytes : (holdsBytes + calmBytes) / 2
      calmBytes = 0
      bearableBytes = leastBytes
    },
    asksTooOften() {
      bearableBytes = Math.min(mostBytes, 2 * this.blockBytes)
    },
    tooLarge(bytes) {
      allowedBytes = Math.max(leastBytes, Math.min(allowedBytes, bytes >> 1))
    },
  }
}
