import formatCompiled from 'use-intl/format-message/format-only'
import { toCount } from './counts.ts'

type Given = Parameters<typeof formatCompiled>
type Formatters = Given[3]['formatters']

const plainCounts = { format: (count: number) => toCount(count, 3) } as Intl.NumberFormat
const oneOrOther = { select: (count: number) => (count === 1 ? 'one' : 'other') } as Intl.PluralRules
const alwaysOther = { select: (_count: number) => 'other' } as Intl.PluralRules

/** Stands in place of `use-intl/format-message`: compiled messages, whose counts and plurals are said without waking the browser's own formatters. */
export function formatMessage(...[key, message, values, options]: Given): ReturnType<typeof formatCompiled> {
  return formatCompiled(key, message, values, { ...options, formatters: frugal(options.formatters) })
}
formatMessage.raw = false

const made = new WeakMap<Formatters, Formatters>()

function frugal(formatters: Formatters): Formatters {
  let one = made.get(formatters)
  if (!one) made.set(formatters, (one = toFrugal(formatters)))
  return one
}

/** Anything but a plain number and a plain plural is asked of the browser. */
function toFrugal(formatters: Formatters): Formatters {
  return {
    ...formatters,
    getNumberFormat: (locale, style) => (style ? formatters.getNumberFormat(locale, style) : plainCounts),
    getPluralRules: (locale, style) => {
      if (style?.type !== 'cardinal') return formatters.getPluralRules(locale, style)
      return locale === 'en' ? oneOrOther : alwaysOther
    },
  }
}
