/**
 * Values that can be computed again. Answers may be lost at any time; they are never wrong for longer than a second:
 * a value whose load began before an invalidation never lands after it, on any node. While the line to the shared store is down, each
 * process believes what it holds for a second after its load, and loads again.
 * Left out: private values under a shared key (the caller's key says whose they are), and loads inside a transaction: loads run outside any.
 */
export interface Cache {
  /**
   * The value under `key`, loaded once however many ask at once (in this process and, where processes share a cache, across them).
   * A value older than `freshMs` and younger than `freshMs + staleMs` is answered at once while one flight refreshes it; a refresh that fails leaves it.
   * Values are JSON, and frozen: the same object is answered to all. `undefined` is not cached. `load` has `loadTimeoutMs` (30 s); then those who wait get `unavailable`.
   */
  get<T>(key: string, options: CacheOptions, load: (signal: AbortSignal) => Promise<T>): Promise<T>
  /**
   * Forgets every value that carries one of the tags, on every node, within a second. Resolves when this node and the shared store have;
   * where the store cannot be reached, after a bounded wait: it is told as soon as it can be.
   */
  invalidate(...tags: string[]): Promise<void>
  /** Bytes held (about) and hits by layer, for the metrics. */
  figures(): CacheFigures
  close(): Promise<void>
}

export type CacheOptions = { freshMs: number; staleMs?: number; tags: readonly string[] }
export type CacheFigures = {
  bytes: number
  entries: number
  memoryHits: number
  sharedHits: number
  staleHits: number
  loads: number
  loadFailures: number
  invalidations: number
}
