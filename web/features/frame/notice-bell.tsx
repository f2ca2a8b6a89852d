import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { me, unreadNotices } from '#web/lib/house.ts'
import { useLive } from '#web/lib/live.ts'
import { useReading, useReadings } from '#web/lib/reading.ts'
import { useHydrated } from '#web/lib/use-hydrated.ts'
import { BellIcon } from '#web/ui/icons.tsx'
import './notice-bell.css'

/** The way to what happened, and how much of it is new: the same number on every device. */
export function NoticeBell() {
  const t = useTranslations('shell')
  const { data } = useReading(me)
  const { put } = useReadings()
  const isHydrated = useHydrated()
  const isPerson = Boolean(data?.user)
  const { data: answer } = useReading(unreadNotices, { enabled: isHydrated && isPerson })
  useLive('notice.added', ({ unread }) => put(unreadNotices, { unread }))
  useLive('notice.read', ({ unread }) => put(unreadNotices, { unread }))
  if (!isPerson) return null
  const unread = answer?.unread ?? 0
  return (
    <Link
      className="bell"
      href="/notices"
      aria-label={t('account.notices', { count: unread })}
      title={t('account.notices', { count: unread })}
    >
      <BellIcon />
      {unread > 0 ? <span className="bell-count">{unread > 98 ? '99+' : unread}</span> : null}
    </Link>
  )
}
