/** How one row of a film is made. */
export type VideoRow = {
  name: string
  width: number
  height: number
  crf: number
  /** The most that the encoder may spend, bits a second, over its buffer. */
  maxRate: number
}

type Rung = { short: number; crf: number; maxRate: number }

/** By the shorter side of the picture. */
const rungs: readonly Rung[] = [
  { short: 360, crf: 22, maxRate: 800_000 },
  { short: 480, crf: 22, maxRate: 1_500_000 },
  { short: 720, crf: 22, maxRate: 3_200_000 },
  { short: 1080, crf: 22, maxRate: 6_000_000 },
  { short: 1440, crf: 22, maxRate: 10_000_000 },
  { short: 2160, crf: 22, maxRate: 18_000_000 },
]

/** A source that is nearly as large as the next rung brings nothing of its own. */
const brings = 1.25

/**
 * The rows of a picture of this size: never larger than the source, the lowest first. A source between two rungs gets a row of its own
 * size where that is clearly more than the rung below.
 */
export function ladder(picture: { width: number; height: number }, rate: number): VideoRow[] {
  const short = Math.min(picture.width, picture.height)
  const below = rungs.filter((rung) => rung.short <= short)
  const top = below.at(-1)
  const next = rungs[below.length]
  const own =
    next && (!top || short >= top.short * brings)
      ? [{ short, crf: next.crf, maxRate: Math.round(next.maxRate * (short / next.short) ** 1.5) }]
      : []
  return [...below, ...own].map((rung) => toRow(picture, rung, rate))
}

function toRow(picture: { width: number; height: number }, rung: Rung, rate: number): VideoRow {
  const scale = rung.short / Math.min(picture.width, picture.height)
  const fast = rate > 32 ? 1.5 : 1
  return {
    name: `v${rung.short}`,
    width: even(picture.width * scale),
    height: even(picture.height * scale),
    crf: rung.crf,
    maxRate: Math.max(150_000, Math.round(rung.maxRate * fast)),
  }
}

/** 4:2:0 needs even sides. */
const even = (side: number): number => Math.max(2, Math.round(side / 2) * 2)

/** Cells may go above the rate's cap by what their buffer holds: players are told the room they need. */
export const declaredBandwidth = (maxRate: number): number => Math.round(maxRate * 1.5)
