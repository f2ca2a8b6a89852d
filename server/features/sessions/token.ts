import { hash, randomBytes } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'

const algorithm = 'HS256'
const type = 'matinee-session'

export interface Tokens {
  /** Each is another, also for one session. */
  mint(session: { id: string; endsMs: number }): Promise<string>
  /** The session that it names, if we made it and its last day has not passed. That it holds is for the session's row to say. */
  verify(token: string, nowMs: number): Promise<string | undefined>
}

/** JWTs of one fixed algorithm and type. What the header asks for is never followed, only compared. */
export function createTokens(key: Uint8Array): Tokens {
  if (key.length < 32) throw new RangeError('The key of sessions is too short: at least 32 bytes')
  return {
    mint: ({ id, endsMs }) =>
      new SignJWT({ sid: id })
        .setProtectedHeader({ alg: algorithm, typ: type })
        .setJti(randomBytes(16).toString('base64url'))
        .setExpirationTime(Math.ceil(endsMs / 1000))
        .sign(key),
    async verify(token, nowMs) {
      if (token.length > longest || !isOneSpelling(token)) return undefined
      try {
        const options = { algorithms: [algorithm], typ: type, requiredClaims: ['sid', 'jti', 'exp'], currentDate: new Date(nowMs) }
        const { payload } = await jwtVerify<{ sid?: unknown }>(token, key, options)
        return typeof payload.sid === 'string' ? payload.sid : undefined
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
        throw error
      }
    },
  }
}

const longest = 1024

// Base64 can be written in several ways that mean one thing; ours is the only one, or a changed token would pass for one that we made.
function isOneSpelling(token: string): boolean {
  const parts = token.split('.')
  return parts.length === 3 && parts.every((part) => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part)
}

/** Under what a token is kept, in memory and in the database. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url')
}
