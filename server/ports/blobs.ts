export type BlobRange = { start: number; end: number }

export type BlobInfo = { name: string; size: number; modifiedMs: number }

/**
 * Bytes under names of our own making: `[a-z0-9._-]` and `/`, at most 200 characters, no empty, `.` or `..` part; others are refused as `invalid`.
 * No name is a folder of another one. A blob appears under its final name whole and durable, or not at all; a second write under the same name
 * replaces it, and whoever reads the first reads it to its end or fails. Left out: appending, moving, and who may.
 */
export interface Blobs {
  /**
   * Checked on the way: a source that is shorter, longer or other than `expect` says (`invalid`), fails, or is aborted leaves nothing behind.
   * `full` before the last space is taken, `unavailable` where the store could not be reached. Answers the SHA-256 of what was written.
   */
  write(name: string, source: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<{ size: number; sha256: string }>
  /**
   * Throws `not_found`. A range is half-open and cut at the end of the blob. Ending the iteration early, or the signal, closes what was opened.
   * A blob that ends before its size was reached is an error, never a short answer.
   */
  read(name: string, options?: { range?: BlobRange; signal?: AbortSignal }): AsyncIterable<Uint8Array>
  /** Undefined where there is none. */
  find(name: string): Promise<BlobInfo | undefined>
  /** Names that begin with `prefix`, in the order of their bytes, pages of `limit` (1000, at most 1000). */
  list(prefix: string, options?: { after?: string; limit?: number }): Promise<{ items: BlobInfo[]; next: string | undefined }>
  /** Gone for good when it resolves. What is not there is not an error. */
  delete(names: readonly string[]): Promise<void>
  /** What may still be written, the reserve apart. Undefined where the store does not tell. */
  freeBytes(): Promise<number | undefined>
  /** What this store can do besides; undefined where it can not. */
  readonly local: LocalBlobs | undefined
  readonly remote: RemoteBlobs | undefined
  close(): Promise<void>
}

export type WriteOptions = { expect?: { size?: number; sha256?: string }; contentType?: string; signal?: AbortSignal }

/** A store on this machine's disk. */
export interface LocalBlobs {
  /** Where the blob lies, for a program that must open it, or for a front that sends the bytes. */
  pathOf(name: string): string
  /** Takes in a file that lies on the same file system, by renaming: atomic, durable, no byte copied. */
  adopt(path: string, name: string): Promise<void>
}

/** A store behind a line. */
export interface RemoteBlobs {
  /** An address by which anybody may read the blob for a while, at most a week. With `fileName` it is saved under that name. */
  signedUrl(name: string, options: { expiresInMs: number; contentType?: string; fileName?: string }): Promise<string>
  /** Parts that become one blob on `complete`; nothing of it is seen before. */
  openParts(name: string, options?: { contentType?: string }): Promise<string>
  /** Numbers begin with 1. A part sent twice is the later one. All but the last have at least `minPartBytes`. */
  writePart(name: string, upload: string, part: number, bytes: Uint8Array): Promise<{ etag: string }>
  completeParts(name: string, upload: string, parts: readonly { part: number; etag: string }[]): Promise<void>
  /** What is not there is not an error. */
  abortParts(name: string, upload: string): Promise<void>
  /** Uploads in parts that began before and were neither completed nor aborted: whoever knows which are still wanted aborts the others. */
  listUploads(options: { startedBeforeMs: number }): AsyncIterable<{ name: string; upload: string; startedMs: number }>
  readonly minPartBytes: number
}
