import type { ProblemBody } from '#shared/api/common.ts'
import type { ShownProblem } from '#shared/page.ts'
import type { ApiAnswer } from './caller.ts'

/** A problem of the API as a page shows it. */
export function toProblem({ status, json }: ApiAnswer): ShownProblem {
  const body = (json ?? {}) as Partial<ProblemBody>
  const fields = (body.fields ?? []).map(({ path, detail = '' }) => ({ path: path.replace(/^\//, ''), text: detail }))
  return {
    status,
    code: body.code ?? 'unknown',
    text: body.detail ?? body.title ?? '',
    fields,
    ...(body.requestId === undefined ? {} : { requestId: body.requestId }),
  }
}
