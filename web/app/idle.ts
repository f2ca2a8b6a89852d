/** For what nobody waits for. */
export function whenIdle(act: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(act, { timeout: 4000 })
  else setTimeout(act, 1000)
}
