import { type DateTimeFormatOptions, useFormatter } from 'use-intl'
import { useNow } from '#web/lib/use-now.ts'

type Props = {
  /** RFC 3339. */
  at: string
  /** `ago`: as people say it, once the page stands; until then, and without script, the date. */
  look?: 'date' | 'date and time' | 'month' | 'ago'
}

const looks: Record<NonNullable<Props['look']>, DateTimeFormatOptions> = {
  date: { dateStyle: 'medium' },
  'date and time': { dateStyle: 'medium', timeStyle: 'short' },
  month: { year: 'numeric', month: 'long' },
  ago: { dateStyle: 'medium', timeStyle: 'short' },
}

/**
 * The one place where a moment becomes words. Servers and browsers do not agree on them to the letter (at noon, in zh-TW, one says 中午 and the
 * other 下午), so that what the server wrote may differ from what the browser would have written.
 */
export function Moment({ at, look = 'date' }: Props) {
  const format = useFormatter()
  const now = useNow()
  const moment = new Date(at)
  return (
    <time dateTime={at} suppressHydrationWarning>
      {look === 'ago' && now ? format.relativeTime(moment, now) : format.dateTime(moment, looks[look])}
    </time>
  )
}
