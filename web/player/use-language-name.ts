import { useMemo } from 'react'
import { useLocale } from 'use-intl'

/** A language as people call it, `eng` and `en` alike; undefined where nobody said which it is. */
export function useLanguageName(): (code: string) => string | undefined {
  const locale = useLocale()
  return useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' })
    return (code) => {
      if (code === '' || code === 'und') return undefined
      try {
        return names.of(code) ?? code
      } catch {
        return code
      }
    }
  }, [locale])
}
