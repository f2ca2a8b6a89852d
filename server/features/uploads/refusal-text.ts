import { createTranslator } from 'use-intl/core'
import type { Language } from '#shared/language.ts'
import zhCN from '#shared/locales/zh-CN/uploadDesk.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/uploadDesk.json' with { type: 'json' }
import type { Refusal } from './refusal.ts'

const messages = { 'zh-CN': zhCN, 'zh-TW': zhTW }

/** What a client of the protocol shows to its person: in English as exact as the refusal is, in other languages what it comes to. */
export function refusalText({ kind, message }: Pick<Refusal, 'kind' | 'message'>, language: Language): string {
  if (language === 'en') return message
  return createTranslator({ locale: language, messages: messages[language] })(`refusals.${kind}`)
}
