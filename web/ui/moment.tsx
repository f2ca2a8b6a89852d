import { useState } from 'react'
import { type DateTimeFormatOptions, useFormatter, useTranslations } from 'use-intl'
import { agoOf } from '#web/lib/ago.ts'
import { isWrittenAlready } from '#web/lib/first-picture.ts'
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
  const t = useTranslations('shell.ago')
  const format = useFormatter()
  const now = useNow()
  const [written] = useState(() => (isWrittenAlready() ? { at, format } : undefined))
  const ago = look === 'ago' && now ? agoOf(new Date(at), now) : undefined
  const toWords = () => {
    if (ago) return ago.unit === 'now' ? t('now') : t(ago.unit, { count: ago.count })
    // What the server wrote stands: to write it again would wake the browser's formatters, which is dear, for nobody to see.
    return written?.at === at && written.format === format ? at : format.dateTime(new Date(at), looks[look])
  }
  return (
    <time dateTime={at} suppressHydrationWarning>
      {toWords()}
    </time>
  )
}
