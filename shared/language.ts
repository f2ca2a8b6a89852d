export const languages = ['en', 'zh-CN', 'zh-TW'] as const
export type Language = (typeof languages)[number]
export const defaultLanguage: Language = 'en'
