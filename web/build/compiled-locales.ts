import compile from 'icu-minify/compile'
import type { Plugin } from 'vite'

const localeFile = /\/shared\/locales\/[^/]+\/[^/]+\.json$/

type Messages = { [key: string]: string | Messages }

/** Turns the ICU messages of shared/locales into what `use-intl/format-message/format-only` prints: the browser parses no message. */
export function compiledLocales(): Plugin {
  return {
    name: 'compiled-locales',
    enforce: 'pre',
    transform(code, id) {
      const [file = ''] = id.split('?')
      return localeFile.test(file) ? { code: JSON.stringify(compiled(JSON.parse(code) as Messages)), map: null } : null
    },
  }
}

function compiled(messages: Messages): object {
  return Object.fromEntries(
    Object.entries(messages).map(([key, value]) => [key, typeof value === 'string' ? compile(value) : compiled(value)]),
  )
}
