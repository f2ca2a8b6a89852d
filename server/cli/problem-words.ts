import { createTranslator } from 'use-intl/core'
import type { Problem } from '#server/lib/problem.ts'
import texts from '#shared/locales/en/problems.json' with { type: 'json' }

const say = createTranslator({ locale: 'en', messages: texts, onError: () => {} }) as unknown as (
  code: string,
  params: Record<string, string | number>,
) => string

/** What went wrong, for the terminal; wrong fields one by one. */
export function inWords(problem: Problem): string {
  if (problem.fields.length === 0) return say(problem.code, problem.params)
  return problem.fields.map(({ path, code, params = {} }) => `${path}: ${say(code, params)}`).join('\n')
}
