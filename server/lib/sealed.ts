import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Problem } from './problem.ts'

/** What must be secret at rest, as text that can stand in a row. `about` ties it to its place: sealed for one account it does not open for another. */
export interface Sealed {
  seal(plain: string, about: string): string
  open(sealed: string, about: string): string
  /** Sealed by a key that is no longer the first: to be sealed anew when it is next written. */
  isOld(sealed: string): boolean
}

export type SealKey = { readonly id: string; readonly key: Uint8Array }

const algorithm = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

/** AES-256-GCM under named keys: the first seals, any opens. `v1.<key id>.<nonce, tag and text, base64url>` */
export function createSealed(keys: () => readonly [SealKey, ...SealKey[]]): Sealed {
  return {
    seal(plain, about) {
      const [{ id, key }] = keys()
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(about))
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return `v1.${id}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`
    },

    open(sealed, about) {
      const [version, id = '', body = ''] = sealed.split('.')
      if (version !== 'v1') throw broken()
      const found = keys().find((key) => key.id === id)
      if (!found) throw new Problem('unavailable', 'sealed.other_key', { params: { id } })
      const bytes = Buffer.from(body, 'base64url')
      try {
        const decipher = createDecipheriv(algorithm, found.key, bytes.subarray(0, nonceLength), { authTagLength: tagLength })
        decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength))
        return Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw broken(cause)
      }
    },

    isOld: (sealed) => sealed.split('.')[1] !== keys()[0].id,
  }
}

const broken = (cause?: unknown) => new Problem('unavailable', 'sealed.broken', { cause })
