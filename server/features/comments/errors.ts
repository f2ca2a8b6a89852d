import { Problem } from '#server/lib/problem.ts'

export const commentsClosed = () => new Problem('forbidden', 'comment.closed')
export const tooSoon = (retryAfterMs: number) => new Problem('limited', 'comment.too_soon', { retryAfterMs })
export const noSuchComment = () => new Problem('not_found', 'comment.not_found')
export const wrongField = (path: string, code: string) => new Problem('invalid', 'http.wrong_fields', { fields: [{ path, code }] })
