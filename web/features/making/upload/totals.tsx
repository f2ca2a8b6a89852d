import { useEffect, useReducer } from 'react'
import { useTranslations } from 'use-intl'
import { useOnline } from '#web/lib/use-online.ts'
import { Button } from '#web/ui/button.tsx'
import { Progress } from '#web/ui/progress.tsx'
import { GoOnIcon, PauseIcon } from '../icons.tsx'
import { useBytes, useTimeLeft } from '../sizes.ts'
import type { Desk } from './desk.ts'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import { isMoving } from './stage.ts'

type Props = { desk: Desk; films: readonly FilmOnItsWay[] }

/** All films together: how much of them is there, how long the rest takes, and what can be done with all at once. */
export function Totals({ desk, films }: Props) {
  const t = useTranslations('making.upload')
  useEveryPicture(films)
  const views = films.map(({ view }) => view)
  const moving = views.filter(({ stage }) => isMoving(stage) || stage.at === 'waiting')
  const paused = views.filter(({ stage }) => stage.at === 'paused')
  const failed = views.filter(({ stage }) => stage.at === 'failed')
  const sent = films.filter(({ view }) => view.stage.at === 'sent')
  return (
    <section className="totals" aria-label={t('all')}>
      <TotalsLine views={views} />
      <div className="totals-acts">
        {moving.length > 0 ? (
          <Button size="small" icon={PauseIcon} onClick={() => desk.pauseAll()}>
            {t('pauseAll')}
          </Button>
        ) : null}
        {moving.length === 0 && paused.length > 0 ? (
          <Button size="small" look="lamp" icon={GoOnIcon} onClick={() => desk.resumeAll()}>
            {t('goOnAll')}
          </Button>
        ) : null}
        {failed.length > 0 ? (
          <Button size="small" onClick={() => desk.retryFailed()}>
            {t('retryAll', { count: failed.length })}
          </Button>
        ) : null}
        {sent.length > 0 ? (
          <Button size="small" look="bare" onClick={() => desk.clear(sent)}>
            {t('clearSent')}
          </Button>
        ) : null}
      </div>
    </section>
  )
}

function TotalsLine({ views }: { views: readonly FilmView[] }) {
  const t = useTranslations('making.upload')
  const toBytes = useBytes()
  const toTimeLeft = useTimeLeft()
  const isOnline = useOnline()
  const total = views.reduce((sum, { size }) => sum + size, 0)
  const held = views.reduce((sum, { heldBytes, size }) => sum + Math.min(heldBytes, size), 0)
  const speed = views.reduce((sum, { stage }) => sum + (stage.at === 'sending' ? stage.bytesPerSecond : 0), 0)
  const isDone = views.every(({ stage }) => stage.at === 'sent')
  const facts = [
    t('films', { count: views.length }),
    isDone ? t('allSent') : t('ofBytes', { held: toBytes(held), total: toBytes(total) }),
    ...(speed > 0 ? [t('speed', { speed: toBytes(speed) })] : []),
    ...(speed > 0 && held < total ? [toTimeLeft((total - held) / speed)] : []),
    ...(isOnline || isDone ? [] : [t('offline')]),
  ]
  return (
    <div className="totals-line">
      <p className="count">{facts.join(' · ')}</p>
      {views.length > 1 && !isDone ? <Progress value={total === 0 ? 1 : held / total} label={t('all')} /> : null}
    </div>
  )
}

function useEveryPicture(films: readonly FilmOnItsWay[]): void {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const leaves = films.map((film) => film.watch(draw))
    return () => {
      for (const leave of leaves) leave()
    }
  }, [films])
}
