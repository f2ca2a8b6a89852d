/** What the page asks of the worker that reckons digests, and what it is told. */
export type Ask = { id: number; bytes: Uint8Array<ArrayBuffer> } | { id: number; blob: Blob } | { giveUp: number }
export type Told = { id: number; md5: string } | { id: number; failure: string }
