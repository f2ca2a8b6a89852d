import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { WarningIcon } from '#web/ui/icons.tsx'
import { Moment } from '#web/ui/moment.tsx'
import { Progress } from '#web/ui/progress.tsx'
import { useTimeLeft } from '../sizes.ts'

/** Where a film stands, while it is being prepared with how far and how long, and where it failed with the reason. */
export function FilmState({ video }: { video: Video }) {
  const t = useTranslations('making.studio')
  const { state, failure, publishAt } = video
  const isLater = publishAt !== null && new Date(publishAt).getTime() > new Date(video.updatedAt).getTime()
  return (
    <span className="studio-state" data-state={state}>
      <span className="studio-state-name">
        {state === 'failed' ? <WarningIcon /> : null}
        {t(`states.${state}`)}
      </span>
      {failure ? <span className="studio-more">{failure.text}</span> : null}
      {state === 'processing' || state === 'playable' ? <Growing video={video} /> : null}
      {isLater && state !== 'failed' ? (
        <span className="studio-more">{t.rich('publishes', { when: () => <Moment at={publishAt} look="date and time" /> })}</span>
      ) : null}
    </span>
  )
}

function Growing({ video: { progress, title } }: { video: Video }) {
  const t = useTranslations('making.studio')
  const toTimeLeft = useTimeLeft()
  if (!progress || progress.cellsPlanned === 0) return null
  const { cellsDone, cellsPlanned, secondsLeft } = progress
  const share = Math.min(1, cellsDone / cellsPlanned)
  return (
    <>
      <Progress value={share} label={t('progressOf', { title })} />
      <span className="studio-more count">
        {[t('percent', { percent: Math.floor(share * 100) }), ...(secondsLeft === null ? [] : [toTimeLeft(secondsLeft)])].join(' · ')}
      </span>
    </>
  )
}
