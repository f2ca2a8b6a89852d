import { hash } from 'node:crypto'
import type { Encoding } from './compression.ts'

/** Strong: the same tag means the same bytes, so each encoding has a tag of its own. */
export function entityTag(bytes: string | Uint8Array): string {
  return `"${hash('sha256', bytes, 'base64url').slice(0, 27)}"`
}

export function tagOfEncoding(tag: string, encoding: Encoding | undefined): string {
  return encoding ? `${tag.slice(0, -1)}-${encoding}"` : tag
}

/** RFC 9110, 13.1.2: If-None-Match compares weakly. Any encoding of what we have counts: the caller holds the same words. */
export function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  const bare = tag.slice(1, -1)
  return header.split(',').some((part) => {
    const candidate = part.trim().replace(/^W\//, '')
    return candidate.startsWith(`"${bare}`) && /^(?:-br|-zstd|-gzip)?"$/.test(candidate.slice(bare.length + 1))
  })
}
