import { isDeeperThan } from '#server/lib/json-depth.ts'
import type { Sent } from '#shared/messages/envelope.ts'

const deepestAtMost = 8
const kindAtMost = 64
const idAtMost = 64

/** What a client sent, as far as every message has to look. Undefined: it does not. */
export function parseEnvelope(text: string): Sent | undefined {
  if (isDeeperThan(deepestAtMost, text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { t, d, id, ...others } = value as Record<string, unknown>
  if (typeof t !== 'string' || t.length > kindAtMost || Object.keys(others).length > 0) return undefined
  if (id === undefined) return { t, d }
  return typeof id === 'string' && id.length <= idAtMost ? { t, d, id } : undefined
}
