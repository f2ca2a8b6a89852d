import { useLocale } from 'use-intl'

/** Those that most films speak; what else there is can be written. */
export const usualLanguages = [
  'zh-Hans',
  'zh-Hant',
  'en',
  'ja',
  'ko',
  'es',
  'fr',
  'de',
  'pt',
  'ru',
  'it',
  'th',
  'vi',
  'ar',
  'hi',
  'id',
] as const

/** What a language is called in the language of the page. */
export function useLanguageName(): (language: string) => string {
  const locale = useLocale()
  return (language) => {
    try {
      return new Intl.DisplayNames([locale], { type: 'language', languageDisplay: 'standard' }).of(language) ?? language
    } catch {
      return language
    }
  }
}
