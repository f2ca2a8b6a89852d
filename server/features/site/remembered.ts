import { hash, randomBytes, randomInt } from 'node:crypto'
import type { PageAnswer, PageMarks, ReadPage } from '#shared/page.ts'

type Readable = Extract<ReadPage, { of: unknown }>
type Kept = { answer: Omit<PageAnswer, 'html'>; pieces: readonly Buffer[]; fillings: readonly (keyof PageMarks)[]; bytes: number }

/**
 * A page that says the same as one before is not rendered again: only its marks are. It is found by all that it is made of, which has just been read in
 * the name of whoever asks; so nobody is shown what they may not read, whosever page it was first, and nothing has to be forgotten in time.
 */
export function createRememberedPages({ mostBytes }: { mostBytes: number }) {
  // Nobody can write these into a page: they are known to this process alone.
  const stand = { formToken: randomBytes(24).toString('base64url'), nowMs: randomInt(2 ** 47, 2 ** 48 - 1) }
  const marks = new RegExp(`(${stand.formToken}|${stand.nowMs})`)
  const kept = new Map<string, Kept>()
  let bytes = 0

  const keep = (key: string, page: Kept) => {
    kept.set(key, page)
    bytes += page.bytes
    for (const [oldest, { bytes: freed }] of kept) {
      if (bytes <= mostBytes) break
      kept.delete(oldest)
      bytes -= freed
    }
  }

  return {
    async show({ of, render }: Readable, own: PageMarks): Promise<Omit<PageAnswer, 'html'> & { html: string | Uint8Array }> {
      if (of === undefined) return render(own)
      const key = hash('sha256', of, 'base64url')
      const known = kept.get(key)
      if (known) {
        kept.delete(key)
        kept.set(key, known)
        return { ...known.answer, html: fill(known, own) }
      }
      const { html, ...answer } = await render(stand)
      const page = cut(html, answer)
      if (!kept.has(key)) keep(key, page)
      return { ...answer, html: fill(page, own) }
    },
  }

  function cut(html: string, answer: Kept['answer']): Kept {
    const parts = html.split(marks)
    const pieces = parts.filter((_, at) => at % 2 === 0).map((text) => Buffer.from(text))
    const fillings = parts.filter((_, at) => at % 2 === 1).map((mark) => (mark === stand.formToken ? 'formToken' : 'nowMs'))
    return { answer, pieces, fillings, bytes: pieces.reduce((sum, { length }) => sum + length, 500) }
  }
}

function fill({ pieces, fillings }: Kept, own: PageMarks): Uint8Array {
  const marks = { formToken: Buffer.from(own.formToken), nowMs: Buffer.from(String(own.nowMs)) }
  return Buffer.concat(
    pieces.flatMap((piece, at) => {
      const filling = fillings[at]
      return filling ? [piece, marks[filling]] : [piece]
    }),
  )
}
