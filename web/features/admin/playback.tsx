import { useFormatter, useTranslations } from 'use-intl'
import type { StreamFigures } from '#shared/api/films.ts'
import { useReading } from '#web/lib/reading.ts'
import { Filter, FilterChoice } from '#web/ui/filter.tsx'
import { FailedNotice, Notice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { Table } from '#web/ui/table.tsx'
import { playback } from './api.ts'
import { sumUp } from './playback-sums.ts'
import './overview.css'

/** How films are being seen: what players have told of it, in sums, with nobody in them. */
export function Playback({ search }: { search: URLSearchParams }) {
  const t = useTranslations('admin.playback')
  const { data, error, refetch } = useReading(playback(search), { refreshMs: 30_000 })
  return (
    <>
      <Filter to="/admin/playback" label={t('filter')}>
        <FilterChoice
          name="days"
          label={t('span')}
          value={search.get('days')}
          all={t('days', { count: 30 })}
          options={[7, 90].map((count) => ({ value: String(count), label: t('days', { count }) }))}
        />
      </Filter>
      {data ? <Figures figures={data} /> : error ? <FailedNotice failure={error} retry={refetch} /> : <Shape look="rows" lines={4} />}
    </>
  )
}

function Figures({ figures: { seats, days } }: { figures: StreamFigures }) {
  const t = useTranslations('admin.playback')
  const format = useFormatter()
  const words = useFigureWords()
  const { plays, watchedMs, meanStartMs, stalledShare, errorShare } = sumUp(days)
  const numbers = [
    { label: t('now'), value: format.number(seats.held), more: t('nowMore', { limit: seats.limit }) },
    { label: t('plays'), value: format.number(plays), more: t('playsMore', { hours: watchedMs / 3_600_000 }) },
    { label: t('start'), value: words.seconds(meanStartMs), more: t('startMore') },
    { label: t('stalled'), value: words.share(stalledShare), more: t('stalledMore') },
    { label: t('errors'), value: words.share(errorShare), more: t('errorsMore') },
  ]
  return (
    <>
      <dl className="overview-numbers">
        {numbers.map(({ label, value, more }) => (
          <div className="overview-number" key={label}>
            <dt>{label}</dt>
            <dd className="overview-value">{value}</dd>
            <dd className="overview-more">{more}</dd>
          </div>
        ))}
      </dl>
      {days.length === 0 ? <Notice title={t('emptyTitle')}>{t('empty')}</Notice> : <Days days={days} />}
    </>
  )
}

function Days({ days }: { days: StreamFigures['days'] }) {
  const t = useTranslations('admin.playback')
  const format = useFormatter()
  const words = useFigureWords()
  return (
    <Table
      caption={t('byDay')}
      rows={days}
      keyOf={({ day }) => day}
      columns={[
        { label: t('day'), isName: true, cell: ({ day }) => format.dateTime(new Date(day), { dateStyle: 'medium', timeZone: 'UTC' }) },
        { label: t('plays'), isNumber: true, cell: ({ plays }) => format.number(plays) },
        { label: t('watched'), isNumber: true, cell: ({ watchedMs }) => t('hours', { hours: watchedMs / 3_600_000 }) },
        { label: t('start'), isNumber: true, cell: ({ meanStartMs }) => words.seconds(meanStartMs) },
        { label: t('stalled'), isNumber: true, cell: (day) => words.share(sumUp([day]).stalledShare) },
        { label: t('rate'), isNumber: true, cell: ({ meanKbps }) => (meanKbps === null ? '–' : t('megabits', { rate: meanKbps / 1000 })) },
        { label: t('errors'), isNumber: true, cell: ({ errors }) => format.number(errors) },
      ]}
    />
  )
}

/** A dash where nothing was told. */
function useFigureWords() {
  const t = useTranslations('admin.playback')
  const format = useFormatter()
  return {
    seconds: (ms: number | null) => (ms === null ? '–' : t('seconds', { seconds: ms / 1000 })),
    share: (share: number | null) => (share === null ? '–' : format.number(share, { style: 'percent', maximumFractionDigits: 1 })),
  }
}
