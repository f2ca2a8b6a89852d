import { createTranslator } from 'use-intl/core'
import type { FieldProblem, Problem } from '#server/lib/problem.ts'
import { type Language, languages } from '#shared/language.ts'
import en from '#shared/locales/en/problems.json' with { type: 'json' }
import zhCN from '#shared/locales/zh-CN/problems.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/problems.json' with { type: 'json' }

type Messages = { [key: string]: string | Messages }
type Params = Readonly<Record<string, string | number>>

const messages: Readonly<Record<Language, Messages>> = { en, 'zh-CN': zhCN, 'zh-TW': zhTW }
const speakers = new Map(languages.map((language) => [language, createSpeaker(language)]))

export type ProblemText = { title: string; detail: string | undefined }

/** `title` names the kind of trouble, `detail` says what happened. A code that has no text still has a title. */
export function problemText(problem: Problem, status: number, language: Language): ProblemText {
  const say = speakers.get(language)
  return { title: say?.(`status.${status}`, {}) ?? say?.('status.other', {}) ?? problem.kind, detail: say?.(problem.code, problem.params) }
}

export function fieldText(field: FieldProblem, language: Language): string | undefined {
  return speakers.get(language)?.(field.code, field.params ?? {})
}

/** Every code that has a text, with the text as it is written, for the page of documents. */
export function everyProblemText(language: Language): { code: string; text: string }[] {
  return [...leaves(messages[language], '')].filter(({ code }) => !code.startsWith('status.'))
}

function* leaves(branch: Messages, above: string): Generator<{ code: string; text: string }> {
  for (const [name, value] of Object.entries(branch)) {
    if (typeof value === 'string') yield { code: `${above}${name}`, text: value }
    else yield* leaves(value, `${above}${name}.`)
  }
}

function createSpeaker(language: Language): (code: string, params: Params) => string | undefined {
  const known = new Set([...leaves(messages[language], '')].map(({ code }) => code))
  let translate: ((code: string, params: Params) => string) | undefined
  return (code, params) => {
    if (!known.has(code)) return undefined
    translate ??= createTranslator({ locale: language, messages: messages[language], onError: () => {} }) as unknown as (
      code: string,
      params: Params,
    ) => string
    return translate(code, params)
  }
}
