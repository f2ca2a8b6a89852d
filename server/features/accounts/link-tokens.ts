import { hash, randomBytes } from 'node:crypto'

/** 256 bits, kept as their hash: what stands in the database opens nothing. */
export function newLinkToken(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: linkTokenHash(token) }
}

export function linkTokenHash(token: string): string {
  return hash('sha256', token, 'base64url')
}
