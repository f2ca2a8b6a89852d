import { open } from 'node:fs/promises'

const lookedAt = 4096

/** Nothing at all, or words: a playlist, a script, a page. No film begins so, and no tool need be started to say it. */
export async function isNoMedia(path: string): Promise<boolean> {
  await using file = await open(path)
  const head = new Uint8Array(lookedAt)
  const { bytesRead } = await file.read(head, 0, lookedAt, 0)
  return bytesRead === 0 ? (await file.stat()).size === 0 : head.subarray(0, bytesRead).every(isPrinted)
}

/** ASCII as it is typed. Containers begin with lengths and marks, of which some byte is none of these. */
const isPrinted = (byte: number) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d
