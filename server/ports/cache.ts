/**
 * Values that can be computed again. Answers may be lost at any time; they are never wrong for longer than a second:
 * a value whose load began before an invalidation never lands after it, on any node.
 */
export interface Cache {
  /**
   * The value under `key`, loaded once however many ask at once (in this process and, where processes share a cache, across them).
   * A value older than `freshMs` and younger than `freshMs + staleMs` is answered at once while one flight refreshes it.
   * Values are JSON. `undefined` is not cached.
   */
  get<T>(key: string, options: CacheOptions, load: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Forgets every value that carries one of the tags, on every node, within a second. Resolves when this node and the shared store have. */
  invalidate(...tags: string[]): Promise<void>
  /** Bytes held and hits by layer, for the metrics. */
  figures(): CacheFigures
  close(): Promise<void>
}

export type CacheOptions = { freshMs: number; staleMs?: number; tags: readonly string[] }
export type CacheFigures = { bytes: number; memoryHits: number; sharedHits: number; loads: number }
