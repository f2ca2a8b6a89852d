import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** The one place where the cost stands. OWASP's first choice: 19 MiB, two passes, one lane; some 35 ms on a small machine. */
export const usualCost: Cost = { memory: 19 * 1024, passes: 2, parallelism: 1 }
const tagLength = 32
const saltLength = 16

export type Cost = { memory: number; passes: number; parallelism: number }
type Parsed = { cost: Cost; salt: Buffer; tag: Buffer }

/** A PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
export async function hashPassword(password: string, of: Cost = usualCost): Promise<string> {
  const salt = randomBytes(saltLength)
  const tag = await tagOf(password, { cost: of, salt, tag: Buffer.alloc(tagLength) })
  return `$argon2id$v=19$m=${of.memory},t=${of.passes},p=${of.parallelism}$${base64(salt)}$${base64(tag)}`
}

/** What is no PHC string of ours is never right, but takes as long: a closed or a passwordless account looks like a wrong password. */
export async function isPassword(password: string, phc: string, of: Cost = usualCost): Promise<boolean> {
  const parsed = parsePhc(phc)
  const known = parsed ?? { ...nobody, cost: of }
  const tag = await tagOf(password, known)
  return timingSafeEqual(tag, known.tag) && parsed !== undefined
}

/** True when the cost has been changed since: the next right password is hashed anew. */
export function isOutdated(phc: string, of: Cost = usualCost): boolean {
  const parsed = parsePhc(phc)
  if (!parsed) return false
  const { memory, passes, parallelism } = parsed.cost
  return memory !== of.memory || passes !== of.passes || parallelism !== of.parallelism || parsed.tag.length !== tagLength
}

const nobody = { salt: randomBytes(saltLength), tag: randomBytes(tagLength) }

function tagOf(password: string, { cost: { memory, passes, parallelism }, salt, tag }: Parsed): Promise<Buffer> {
  // One spelling of what looks the same on all keyboards (NIST SP 800-63B: NFKC).
  const message = password.normalize('NFKC')
  return derive('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength: tag.length })
}

const pattern = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

function parsePhc(phc: string): Parsed | undefined {
  const found = pattern.exec(phc)
  if (!found) return undefined
  const [, memory, passes, parallelism, salt = '', tag = ''] = found
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
