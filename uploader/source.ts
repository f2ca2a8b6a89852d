import type { Range } from './ranges.ts'

/** A file as the uploader needs it: of a known size, and readable at any place, again and again. */
export type Source = {
  name: string
  size: number
  read(range: Range): Promise<Uint8Array<ArrayBuffer>>
  /** The file itself where there is one, for a hash that reads it by itself. */
  blob?: Blob
}

/** A `File` of a form, a drop or a camera. */
export function fromFile(file: File): Source {
  return {
    name: file.name,
    size: file.size,
    blob: file,
    read: async ({ start, end }) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
  }
}
