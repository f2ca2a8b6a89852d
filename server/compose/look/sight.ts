/** What is seen of one part: fine, worth knowing, or wrong; then `text` says what to do. */
export type Sight = {
  part: string
  state: 'fine' | 'note' | 'wrong'
  text: string
  /** How far its clock is ahead of ours, where it has one of its own. */
  aheadMs?: number
}

export async function sightOf(part: string, look: () => Promise<Omit<Sight, 'part'>>): Promise<Sight> {
  try {
    return { part, ...(await look()) }
  } catch (error) {
    return { part, state: 'wrong', text: error instanceof Error ? error.message : String(error) }
  }
}

/** Whatever names the cause: the innermost code of a line that broke, a refusal, an address that nobody knows. */
export function causeOf(error: unknown): string {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string' && /^E[A-Z]+$/.test(inner.code)) return inner.code
    if (inner instanceof AggregateError && inner.errors.length > 0) return causeOf(inner.errors[0])
  }
  return ''
}

/** Asks a clock elsewhere, and thinks half of the way away. */
export async function aheadOf(ask: () => Promise<number>): Promise<number> {
  const sentMs = Date.now()
  const theirsMs = await ask()
  return Math.round(theirsMs - (sentMs + Date.now()) / 2)
}
