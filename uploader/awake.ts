/** In a page: resolves when the network is back, or the lid is open and the tab in sight again. Elsewhere nothing tells. */
export function whenAwake(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const seen = () => {
    if (document.visibilityState === 'visible') resolve()
  }
  if (typeof document === 'undefined') return promise
  globalThis.addEventListener('online', () => resolve(), { signal })
  document.addEventListener('visibilitychange', seen, { signal })
  // A page that was frozen, as under a closed lid, and was in sight all the while.
  document.addEventListener('resume', () => resolve(), { signal })
  return promise
}
