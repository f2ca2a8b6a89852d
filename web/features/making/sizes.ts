import { useFormatter, useTranslations } from 'use-intl'

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes as people and disks count them, in thousands. */
export function useBytes(): (bytes: number) => string {
  const format = useFormatter()
  return (bytes) => {
    const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
    const value = bytes / 1000 ** unit
    return `${format.number(value, { maximumFractionDigits: unit > 0 && value < 100 ? 1 : 0 })} ${units[unit]}`
  }
}

/** "About 3 minutes": what nobody knows to the second is not said to the second. */
export function useTimeLeft(): (seconds: number) => string {
  const t = useTranslations('making.left')
  return (seconds) => {
    if (seconds < 50) return t('moments')
    const minutes = Math.round(seconds / 60)
    if (minutes < 60) return t('minutes', { count: minutes })
    const hours = minutes / 60
    return hours < 24
      ? t('hours', { hours: Math.floor(hours), minutes: Math.round(minutes % 60) })
      : t('days', { count: Math.round(hours / 24) })
  }
}

/** 1:02:03 */
export function toLength(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
