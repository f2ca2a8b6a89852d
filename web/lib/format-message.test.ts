import compile from 'icu-minify/compile'
import { createTranslator } from 'use-intl/core'
import { expect, test } from 'vitest'
import { languages } from '#shared/language.ts'
import { formatMessage } from './format-message.ts'

const formatters = {
  getNumberFormat: (...how) => new Intl.NumberFormat(...how),
  getPluralRules: (...how) => new Intl.PluralRules(...how),
  getDateTimeFormat: (...how) => new Intl.DateTimeFormat(...how),
} as Parameters<typeof formatMessage>[3]['formatters']
const written = {
  zero: '{n, plural, =0 {none} one {# film} other {# films}}',
  size: '{n, number} MB',
  place: '{n, selectordinal, one {#st} other {#th}}',
}

test.each(languages)('messages with counts say in %s what they say where the browser formats them', (locale) => {
  const t = createTranslator({ locale, messages: written as Record<string, string> })
  for (const [key, message] of Object.entries(written))
    for (const n of [0, 1, 2, 21, 0.5, 1234, 1_234_567])
      expect(formatMessage(key, compile(message), { n }, { cache: {} as never, formatters, locale, globalFormats: {} })).toBe(t(key, { n }))
})
