import type { Language } from '#shared/language.ts'

/** Each in its own words: who reads it cannot read the others. */
export const languageNames: Record<Language, string> = { en: 'English', 'zh-CN': '简体中文', 'zh-TW': '繁體中文' }
