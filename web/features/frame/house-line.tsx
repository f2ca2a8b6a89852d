import { useTranslations } from 'use-intl'
import { me, site } from '#web/lib/house.ts'
import { useReading } from '#web/lib/reading.ts'
import './offline-line.css'

/** Tells those who can do something about it what does not work yet, and nobody else. */
export function HouseLine() {
  const t = useTranslations('shell')
  const house = useReading(site)
  const viewer = useReading(me)
  const ffmpeg = house.data?.ffmpeg ?? 'here'
  const role = viewer.data?.user?.role
  const isTheirs = role === 'owner' || role === 'admin' || house.data?.isNew
  if (ffmpeg === 'here' || !isTheirs) return null
  return <p className="offline-line">{t(`house.ffmpeg.${ffmpeg}`)}</p>
}
