import { createHmac, timingSafeEqual } from 'node:crypto'

const digits = '0123456789abcdefghjkmnpqrstvwxyz'

/** Made from the house's own key: every process prints the same, nothing is stored, and it means nothing once there is an owner. */
export function ownerCode(signKey: Uint8Array): string {
  const mac = createHmac('sha256', signKey).update('matinee: the code that makes the owner').digest()
  const letters = [...mac.subarray(0, 16)].map((byte) => digits.charAt(byte & 31)).join('')
  return letters.replace(/(.{4})(?!$)/g, '$1-')
}

export function isOwnerCode(given: string, signKey: Uint8Array): boolean {
  const bare = (code: string) => Buffer.from(code.toLowerCase().replaceAll(/[^0-9a-z]/g, ''))
  const [one, other] = [bare(given), bare(ownerCode(signKey))]
  return one.length === other.length && timingSafeEqual(one, other)
}
