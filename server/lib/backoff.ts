/** How long to wait before attempt `attempt` (1 after the first failure): doubling from `firstMs` to `mostMs`, half of it by chance, so that a crowd that failed together does not come back together. */
export function backoffMs(attempt: number, range: { firstMs: number; mostMs: number }, random: () => number = Math.random): number {
  const fullMs = Math.min(range.mostMs, range.firstMs * 2 ** Math.min(attempt - 1, 30))
  return fullMs / 2 + (fullMs / 2) * random()
}
