/** A deed of ten days ago counts half. */
const halfLifeMs = 10 * 86_400_000
const beganMs = Date.UTC(2020, 0, 1)
/** Billionths: an integer that both databases keep and order exactly, fine enough for one person among a hundred million. */
const scale = 1e9

/**
 * Forward decay: each deed adds a weight that grows with the moment it happens, and nothing ever shrinks. The order by the sum is the order by
 * the decayed sum at any later moment, so no job rescores anything. The logarithm of the sum is kept: it grows by one in a half-life and never overflows.
 * 0: nothing has been done with it.
 */
export function addHeat(hot: number, weight: number, nowMs: number): number {
  if (weight <= 0) return hot
  const fresh = Math.log2(weight) + (nowMs - beganMs) / halfLifeMs
  if (hot === 0) return Math.round(fresh * scale)
  const kept = hot / scale
  const [most, least] = kept > fresh ? [kept, fresh] : [fresh, kept]
  return Math.round((most + Math.log2(1 + 2 ** (least - most))) * scale)
}

/** The decayed sum at a moment. */
export function heatAt(hot: number, nowMs: number): number {
  return hot === 0 ? 0 : 2 ** (hot / scale - (nowMs - beganMs) / halfLifeMs)
}
