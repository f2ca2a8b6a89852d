import { Problem } from '#server/lib/problem.ts'

export const noSuchComment = () => new Problem('not_found', 'comment.not_found')
export const wrongField = (path: string, code: string) => new Problem('invalid', 'http.wrong_fields', { fields: [{ path, code }] })
