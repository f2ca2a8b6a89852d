import { expect, test } from 'vitest'
import { languages } from '#shared/language.ts'
import { toCount, toShortCount } from './counts.ts'

const counts = [
  ...Array.from({ length: 1200 }, (_, count) => count),
  ...Array.from({ length: 900 }, (_, step) => Math.floor(10 ** (3 + step / 100))),
  ...[9949, 9950, 9999, 10_049, 11_500, 99_499, 99_500, 999_499, 999_500, 1_149_999, 1_150_000, 99_949_999, 99_950_000, 99_999_999].flatMap(
    (at) => [at, at * 10],
  ),
]

test.each(languages)('counts are written as the browser would write them in %s', (language) => {
  const whole = new Intl.NumberFormat(language)
  const parts = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
  const short = new Intl.NumberFormat(language, { notation: 'compact' })
  expect(counts.map((count) => toCount(count))).toEqual(counts.map((count) => whole.format(count)))
  expect(counts.map((count) => toShortCount(count, language))).toEqual(counts.map((count) => short.format(count)))
  const rates = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4, 1234.5]
  expect(rates.map((rate) => toCount(rate, 2))).toEqual(rates.map((rate) => parts.format(rate)))
})
