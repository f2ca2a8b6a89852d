import compile from 'icu-minify/compile'
import type { Plugin } from 'vite'

const localeFile = /\/shared\/locales\/[^/]+\/[^/]+\.json$/

type Messages = { [key: string]: string | Messages }

/** Turns the ICU messages of shared/locales into what `formatter` says in place of use-intl's own: the browser parses no message. */
export function compiledLocales(formatter: string): Plugin {
  // The same module with the one export that use-intl asks for.
  const ofDefault = `${formatter}?default`
  return {
    name: 'compiled-locales',
    enforce: 'pre',
    resolveId: (id) => (id === 'use-intl/format-message' ? ofDefault : null),
    load: (id) => (id === ofDefault ? `export { formatMessage as default } from ${JSON.stringify(formatter)}` : null),
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
