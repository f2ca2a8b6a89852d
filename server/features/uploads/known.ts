import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ByteRange } from '#server/lib/byte-ranges.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import { ownBlobOf } from './own.ts'
import type { TaskRow, UploadStore } from './store.ts'

export type KnownParts = {
  store: UploadStore
  blobs: Pick<Blobs, 'read'>
  clock: Pick<Clock, 'now'>
  signKey: Uint8Array
  /** The name under which Matinee's own uploads stand. */
  own: string
  bring(id: number, known: { blob: string; md5: string | undefined }): Promise<boolean>
}
export type Claim = { fileMd5?: string; fileSha256?: string }
export type Challenge = { challenge: string; ranges: ByteRange[] }
export type Known = ReturnType<typeof createKnown>

const rangeCount = 16
const rangeBytes = 65_536
const answerWithinMs = 600_000

/**
 * [U12] "Same file, known already" for people: a digest alone is nothing. Who claims to have a file is asked for random ranges of it, whether it is known
 * or not, so that the question tells nothing; and shows by one digest over them that he has it. Another person's film is found by SHA-256 alone:
 * two files can be made to have one MD5.
 */
export function createKnown(parts: KnownParts) {
  const { store, clock, signKey } = parts
  const sign = (text: string) => createHmac('sha256', signKey).update(`upload-known ${text}`).digest('base64url')

  async function taskOf(viewer: Viewer, id: number): Promise<TaskRow> {
    const row = await store.find(id)
    if (viewer.kind !== 'person' || row?.server !== parts.own || row.user_id !== viewer.accountId || row.kind !== 'whole')
      throw new Problem('not_found', 'upload.not_found')
    return row
  }

  async function findKnown({ user_id: userId, size }: TaskRow, { fileMd5, fileSha256 }: Claim): Promise<TaskRow | undefined> {
    if (fileSha256 !== undefined) return await store.findStoredBySha256(parts.own, fileSha256, size)
    return fileMd5 === undefined ? undefined : await store.findStored(parts.own, fileMd5, { size, userId })
  }

  /** As the client has to reckon it. Undefined: the film is gone. */
  async function proofOf(blob: string, { challenge, ranges }: Challenge): Promise<string | undefined> {
    const digest = createHash('sha256').update(challenge)
    try {
      for (const range of ranges) for await (const bytes of parts.blobs.read(blob, { range })) digest.update(bytes)
    } catch (error) {
      if (error instanceof Problem && error.kind === 'not_found') return undefined
      throw error
    }
    return digest.digest('hex')
  }

  return {
    async ask(viewer: Viewer, id: number, claim: Claim): Promise<Challenge> {
      const row = await taskOf(viewer, id)
      const told = { id, ...claim, dueMs: clock.now() + answerWithinMs, nonce: randomBytes(16).toString('hex') }
      const text = Buffer.from(JSON.stringify(told)).toString('base64url')
      return { challenge: `${text}.${sign(text)}`, ranges: rangesOf(told.nonce, row.size) }
    },

    /** True: nothing more is wanted, and what stands already is verified as if it had been sent. */
    async prove(viewer: Viewer, id: number, { challenge, sha256 }: { challenge: string; sha256: string }): Promise<boolean> {
      const row = await taskOf(viewer, id)
      const told = opened(challenge, sign)
      if (told?.id !== id || told.dueMs < clock.now()) throw new Problem('invalid', 'upload.challenge_over')
      const known = await findKnown(row, told)
      if (!known) return false
      const blob = ownBlobOf(known)
      const proof = await proofOf(blob, { challenge, ranges: rangesOf(told.nonce, row.size) })
      if (proof === undefined || !isSame(proof, sha256)) return false
      return await parts.bring(id, { blob, md5: told.fileSha256 === undefined ? told.fileMd5 : undefined })
    },
  }
}

function opened(challenge: string, sign: (text: string) => string): (Claim & { id: number; dueMs: number; nonce: string }) | undefined {
  const [text = '', shown = ''] = challenge.split('.')
  if (!isSame(sign(text), shown)) return undefined
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as Claim & { id: number; dueMs: number; nonce: string }
}

function isSame(own: string, theirs: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(own), digest(theirs))
}

/** The beginning, the end, and places that nobody can know before. */
function rangesOf(nonce: string, size: number): ByteRange[] {
  if (size <= rangeCount * rangeBytes) return size === 0 ? [] : [{ start: 0, end: size }]
  const last = size - rangeBytes
  const places = Array.from({ length: rangeCount - 2 }, (_, n) => {
    return createHash('sha256').update(`${nonce} ${n}`).digest().readUIntBE(0, 6) % last
  })
  return [0, ...places, last].map((start) => ({ start, end: start + rangeBytes }))
}
