/** Reads bytes of a file at a place; fewer where it ends. */
export type ReadAt = (start: number, length: number) => Promise<Uint8Array>
