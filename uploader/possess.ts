import type { Source } from './source.ts'

type Known = { state: 'prove'; challenge: string; ranges: { startByte: number; endByte: number }[] }
/** Asks the business server at a path below `/uploads`; anything but a good answer is thrown. */
export type AskUploads = (path: string, body: object) => Promise<unknown>

/**
 * The server may have these very bytes already: whoever shows to have them as well, by the digest of places that the server names, need not
 * send them. False where that is not so, or cannot be found out: then blocks bring them.
 */
export async function provePossession(
  ask: AskUploads,
  source: Source,
  { taskId, fileMd5 }: { taskId: number; fileMd5: string },
): Promise<boolean> {
  // Over plain HTTP browsers have no SHA-256.
  const { subtle } = globalThis.crypto
  if (!subtle) return false
  const { challenge, ranges } = (await ask(`/${taskId}/known`, { fileMd5 })) as Known
  const pieces: Uint8Array[] = [new TextEncoder().encode(challenge)]
  for (const { startByte, endByte } of ranges) pieces.push(await source.read({ start: startByte, end: endByte }))
  const digest = await subtle.digest('SHA-256', joined(pieces))
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return ((await ask(`/${taskId}/proof`, { challenge, sha256 })) as { state: string }).state === 'done'
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
