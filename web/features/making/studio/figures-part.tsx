import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import type { VideoFigures } from '#shared/api/figures.ts'
import type { Video } from '#shared/api/videos.ts'
import { useReading } from '#web/lib/reading.ts'
import { Labelled } from '#web/ui/labelled.tsx'
import { FailedNotice } from '#web/ui/notice.tsx'
import { Shape } from '#web/ui/shape.tsx'
import { toLength } from '../sizes.ts'
import { figuresOf } from './api.ts'
import { Bars, Curve } from './charts.tsx'

const spans = [7, 28, 90, 365] as const

/** Who watched, how long, where they left, and where they came from. */
export function FiguresPart({ video }: { video: Video }) {
  const t = useTranslations('studio.figures')
  const [days, setDays] = useState<number>(28)
  const { data, error, refetch } = useReading(figuresOf(video.id, days), { refreshMs: 60_000 })
  return (
    <div className="part">
      <div className="figures-span">
        <Labelled label={t('span')}>
          {(parts) => (
            <select {...parts} className="control control-select" value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {spans.map((count) => (
                <option key={count} value={count}>
                  {t('days', { count })}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      </div>
      {error && !data ? <FailedNotice failure={error} retry={refetch} /> : null}
      {!data && !error ? <Shape lines={4} /> : null}
      {data ? <Figures figures={data} durationMs={video.durationMs} /> : null}
    </div>
  )
}

function Figures({ figures, durationMs }: { figures: VideoFigures; durationMs: number | null }) {
  const t = useTranslations('studio.figures')
  const format = useFormatter()
  const toTime = useWatched()
  const { views, people, watchedMs, likes, comments, danmaku, stays } = figures
  const numbers = { views, people, likes, comments, danmaku }
  return (
    <>
      <dl className="tiles">
        {(['views', 'people'] as const).map((name) => (
          <Tile key={name} name={t(name)} value={format.number(numbers[name])} />
        ))}
        <Tile name={t('watched')} value={toTime(watchedMs)} />
        <Tile name={t('mean')} value={views === 0 ? '–' : toLength(watchedMs / views)} />
        {(['likes', 'comments', 'danmaku'] as const).map((name) => (
          <Tile key={name} name={t(name)} value={format.number(numbers[name])} />
        ))}
      </dl>
      <section className="figure" aria-label={t('perDay')}>
        <h2>{t('perDay')}</h2>
        <Days days={figures.days} />
      </section>
      <section className="figure" aria-label={t('stays')}>
        <h2>{t('stays')}</h2>
        {stays.length === 0 ? (
          <p className="studio-more">{t('nobody')}</p>
        ) : (
          <>
            <Curve shares={stays} label={t('staysText', staysWords(stays, durationMs))} />
            <p className="studio-more">{t('staysText', staysWords(stays, durationMs))}</p>
          </>
        )}
      </section>
      <Sources figures={figures} />
    </>
  )
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <div className="tile">
      <dt>{name}</dt>
      <dd className="count">{value}</dd>
    </div>
  )
}

function Days({ days }: Pick<VideoFigures, 'days'>) {
  const t = useTranslations('studio.figures')
  const format = useFormatter()
  const most = days.reduce((best, day) => (day.views > best.views ? day : best), days[0] ?? { day: '', views: 0, watchedMs: 0 })
  const dayName = (day: string) => format.dateTime(new Date(`${day}T12:00:00Z`), { dateStyle: 'medium' })
  if (most.views === 0) return <p className="studio-more">{t('nobody')}</p>
  const words = t('perDayText', { count: most.views, day: dayName(most.day) })
  return (
    <>
      <Bars
        values={days.map(({ views }) => views)}
        names={days.map(({ day, views }) => `${dayName(day)}: ${format.number(views)}`)}
        label={words}
      />
      <p className="studio-more">{words}</p>
    </>
  )
}

function Sources({ figures: { sources, views } }: { figures: VideoFigures }) {
  const t = useTranslations('studio.figures')
  const format = useFormatter()
  const seen = sources.filter((source) => source.views > 0).toSorted((a, b) => b.views - a.views)
  return (
    <section className="figure" aria-label={t('sources')}>
      <h2>{t('sources')}</h2>
      {seen.length === 0 ? (
        <p className="studio-more">{t('nobody')}</p>
      ) : (
        <ul className="sources" role="list">
          {seen.map((source) => (
            <li key={source.from}>
              <span>{t(`from.${source.from}`)}</span>
              <span className="source-bar" style={{ inlineSize: `${(100 * source.views) / Math.max(1, views)}%` }} />
              <span className="count">{format.number(source.views)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Where half of those who began had left, and how many saw the end. */
function staysWords(stays: readonly number[], durationMs: number | null) {
  const first = Math.max(...stays.slice(0, 5), 0.001)
  const half = stays.findIndex((share) => share < first / 2)
  const at = half < 0 ? stays.length : half
  const end = Math.round(100 * Math.min(1, stays.at(-1) ?? 0))
  const moment = durationMs === null ? `${Math.round((100 * at) / stays.length)} %` : toLength((durationMs * at) / stays.length)
  return { half: half < 0 ? 'never' : 'left', moment, end }
}

/** Hours where there are many, minutes where there are few. */
function useWatched(): (ms: number) => string {
  const t = useTranslations('studio.figures')
  const format = useFormatter()
  return (ms) => {
    const minutes = ms / 60_000
    return minutes < 120
      ? t('minutes', { count: format.number(Math.round(minutes)) })
      : t('hours', { count: format.number(Math.round(minutes / 60)) })
  }
}
