import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Problem } from './problem.ts'

/**
 * What must be secret at rest (second factors, stream keys, tokens, credentials), as text that can stand in a row. `about` says what it is and whose;
 * it is not stored, and what was sealed about one thing does not open about another: nobody gains by moving it to another row.
 */
export interface Sealed {
  seal(plain: string, about: string): string
  /** Throws `unavailable`, saying what to do, when the key is not among ours or the envelope was changed. */
  open(sealed: string, about: string): string
  /** Sealed by a key that is no longer the first: to be sealed anew when it is next written, or by a chore. */
  isOld(sealed: string): boolean
  /** The same secret under the first key; unchanged where it is so already. */
  reseal(sealed: string, about: string): string
}

export type SealKey = { readonly id: string; readonly key: Uint8Array }
export type SealKeys = readonly [SealKey, ...SealKey[]]

const algorithm = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16
const envelope = /^v1\.([a-z0-9]{1,32})\.([\w-]+)$/

/** AES-256-GCM under named keys: the first seals, any opens. `v1.<key id>.<nonce, tag and text, base64url>` */
export function createSealed(keys: () => SealKeys): Sealed {
  const seal: Sealed['seal'] = (plain, about) => {
    const [{ id, key }] = checkKeys(keys())
    const nonce = randomBytes(nonceLength)
    const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(about))
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return `v1.${id}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`
  }

  const open: Sealed['open'] = (sealed, about) => {
    const { id, bytes } = parse(sealed)
    const found = checkKeys(keys()).find((key) => key.id === id)
    if (!found) throw otherKey(id)
    try {
      const decipher = createDecipheriv(algorithm, found.key, bytes.subarray(0, nonceLength), { authTagLength: tagLength })
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength))
      return Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()]).toString('utf8')
    } catch (cause) {
      throw broken(cause)
    }
  }

  const isOld: Sealed['isOld'] = (sealed) => parse(sealed).id !== keys()[0].id
  return { seal, open, isOld, reseal: (sealed, about) => (isOld(sealed) ? seal(open(sealed, about), about) : sealed) }
}

export const broken = (cause?: unknown) => new Problem('unavailable', 'sealed.broken', { cause })
export const otherKey = (id: string) => new Problem('unavailable', 'sealed.other_key', { params: { id } })

function parse(sealed: string): { id: string; bytes: Buffer } {
  const [, id, text = ''] = envelope.exec(sealed) ?? []
  const bytes = Buffer.from(text, 'base64url')
  // Written in one way only: digits that base64 would overlook have been changed by somebody.
  if (id === undefined || bytes.byteLength < nonceLength + tagLength || bytes.toString('base64url') !== text) throw broken()
  return { id, bytes }
}

const checked = new WeakSet<SealKeys>()

/** A key of zeros, of the wrong length, or under a name that is taken would seal as if all were well. */
export function checkKeys(keys: SealKeys): SealKeys {
  if (checked.has(keys)) return keys
  const names = new Set(keys.map(({ id }) => id))
  if (names.size !== keys.length) throw new Error('Two sealing keys have one name.')
  for (const { id, key } of keys) {
    if (!/^[a-z0-9]{1,32}$/.test(id)) throw new Error(`A sealing key is named by a-z and 0-9, not "${id}".`)
    if (key.byteLength !== 32 || key.every((byte) => byte === 0)) throw new Error(`The sealing key ${id} is not 32 bytes of chance.`)
  }
  checked.add(keys)
  return keys
}
