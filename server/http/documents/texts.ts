import { createTranslator } from 'use-intl/core'
import type { Language } from '#shared/language.ts'
import en from '#shared/locales/en/documents.json' with { type: 'json' }
import zhCN from '#shared/locales/zh-CN/documents.json' with { type: 'json' }
import zhTW from '#shared/locales/zh-TW/documents.json' with { type: 'json' }

export type Words = keyof typeof en
export type Say = (words: Words, params?: Record<string, string | number>) => string

const messages: Readonly<Record<Language, typeof en>> = { en, 'zh-CN': zhCN, 'zh-TW': zhTW }

export function speakerOf(language: Language): Say {
  return createTranslator({ locale: language, messages: messages[language] }) as unknown as Say
}
