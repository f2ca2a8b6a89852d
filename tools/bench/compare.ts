/** Figures of two contenders that took turns, and what may be said about them. */
export type Spread = { median: number; low: number; high: number; values: number[] }

export type Comparison = {
  ours: Spread
  peer: Spread
  /** Ours over the peer's, pair by pair; `low` and `high` are the bootstrap's 95 % interval of the median. */
  ratio: Spread
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Linear between neighbours; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * q
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** The range of what was measured. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values), values: [...values] }
}

/** The median with a 95 % interval from resampling; the dice are seeded, so that the same figures say the same thing. */
export function bootstrapOf(values: readonly number[], rounds = 2000): Spread {
  const dice = seededDice(values.length)
  const medians = Array.from({ length: rounds }, () => median(values.map(() => values[Math.floor(dice() * values.length)] ?? Number.NaN)))
  return { median: median(values), low: quantile(medians, 0.025), high: quantile(medians, 0.975), values: [...values] }
}

export type Turns = {
  /** At least 5, or the interval says nothing. One more of each runs first and is thrown away. */
  pairs?: number
  warm?: boolean
  ours(): Promise<number>
  peer(): Promise<number>
}

/** Ours and the peer take turns, and who begins changes, so that a noisy minute hits both. */
export async function alternate({ pairs = 5, warm = true, ours, peer }: Turns): Promise<Comparison> {
  const mine: number[] = []
  const theirs: number[] = []
  if (warm) {
    await ours()
    await peer()
  }
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) mine.push(await ours())
    theirs.push(await peer())
    if (pair % 2 === 1) mine.push(await ours())
  }
  const ratios = mine.map((value, i) => value / (theirs[i] ?? Number.NaN))
  return { ours: spreadOf(mine), peer: spreadOf(theirs), ratio: bootstrapOf(ratios) }
}

/** mulberry32 */
function seededDice(seed: number): () => number {
  let state = seed + 0x6d2b79f5
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
