import { Problem } from '#server/lib/problem.ts'
import type { Language } from '#shared/language.ts'
import { FrameProblem, somethingBroke, statusFor } from './problems.ts'
import { fieldText, problemText } from './texts.ts'

export type ProblemAnswer = {
  status: number
  headers: string[]
  body: {
    type: string
    title: string
    status: number
    detail?: string
    code: string
    fields?: { path: string; code: string; detail?: string }[]
    requestId: string
  }
}

/** What the world may know of what was thrown. A bug is told by nothing but the id under which it was logged. */
export function toProblem(thrown: unknown): { problem: Problem; isBug: boolean } {
  if (thrown instanceof Problem) return { problem: thrown, isBug: false }
  return { problem: somethingBroke(), isBug: true }
}

/** RFC 9457. `type` leads to the page that explains the code. */
export function problemAnswer(problem: Problem, told: { language: Language; requestId: string }): ProblemAnswer {
  const status = statusFor(problem)
  const { title, detail } = problemText(problem, status, told.language)
  const fields = problem.fields.map(({ path, code, params }) => {
    const text = fieldText({ path, code, ...(params ? { params } : {}) }, told.language)
    return text === undefined ? { path, code } : { path, code, detail: text }
  })
  return {
    status,
    headers: headersOf(problem, status, told.language),
    body: {
      type: `/api/docs#${problem.code}`,
      title,
      status,
      ...(detail === undefined ? {} : { detail }),
      code: problem.code,
      ...(fields.length > 0 ? { fields } : {}),
      requestId: told.requestId,
    },
  }
}

function headersOf(problem: Problem, status: number, language: Language): string[] {
  const headers = ['content-language', language, 'cache-control', 'no-store', 'vary', 'accept-language']
  if (problem.retryAfterMs !== undefined) headers.push('retry-after', String(Math.max(1, Math.ceil(problem.retryAfterMs / 1000))))
  else if (status === 429 || status === 503) headers.push('retry-after', '1')
  if (status === 401) headers.push('www-authenticate', 'Bearer')
  if (problem instanceof FrameProblem) headers.push(...Object.entries(problem.headers).flat())
  return headers
}
