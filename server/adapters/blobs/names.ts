import { Problem } from '#server/lib/problem.ts'

const part = '(?!\\.{1,2}(?:/|$))[a-z0-9._-]+'
const wellFormed = new RegExp(`^${part}(?:/${part})*$`)
const longest = 200

/** Only names that we make ourselves reach a disk or a store; whatever else got here came from somebody else. */
export function checkName(name: string): string {
  if (name.length > longest || !wellFormed.test(name)) throw new Problem('invalid', 'blobs.bad_name')
  return name
}

/** A prefix may end anywhere in a name. */
export function checkPrefix(prefix: string): string {
  if (prefix !== '') checkName(prefix.endsWith('/') ? `${prefix}x` : prefix)
  return prefix
}

export const mostListed = 1000
