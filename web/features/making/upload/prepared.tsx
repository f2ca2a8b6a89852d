import { useTranslations } from 'use-intl'
import type { Video } from '#shared/api/videos.ts'
import { useLive } from '#web/lib/live.ts'
import { reading, useReading, useReadings } from '#web/lib/reading.ts'
import { ButtonLink } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { CheckIcon, WarningIcon } from '#web/ui/icons.tsx'
import { Progress } from '#web/ui/progress.tsx'
import { GoOnIcon } from '../icons.tsx'
import { useTimeLeft } from '../sizes.ts'
import type { FilmView } from './film-on-its-way.ts'
import { pathOf } from './give-up.ts'
import { StageLine } from './stage-line.tsx'

/** Where the line brings no news, it is asked for. */
const askMs = 5000

/** The film has arrived whole; what the house makes of it is the house's to tell. */
export function Prepared({ view: { videoId }, username }: { view: FilmView; username: string }) {
  const t = useTranslations('making.stage')
  const video = useVideo(username, videoId)
  if (video.isGone) return <StageLine>{t('gone')}</StageLine>
  const { data } = video
  if (!data) return <StageLine step={2}>{t('preparing')}</StageLine>
  if (data.state === 'failed') {
    return (
      <div className="film-failed" role="alert">
        <p>
          <WarningIcon />
          <span>{t('notPrepared', { why: data.failure?.text ?? '' })}</span>
        </p>
        <div className="stage-acts">
          <ButtonLink size="small" to={`/upload-films?into=${data.id}`}>
            {t('sendOther')}
          </ButtonLink>
        </div>
      </div>
    )
  }
  const isPlayable = data.state === 'playable' || data.state === 'ready'
  return (
    <>
      {data.state === 'ready' ? <StageDone /> : <Preparing video={data} isPlayable={isPlayable} />}
      {isPlayable ? <Links vid={data.id} /> : null}
    </>
  )
}

function useVideo(username: string, videoId: string | undefined) {
  const what = reading<Video>(pathOf(username, videoId ?? ''))
  const { forget } = useReadings()
  useLive('video.grew', ({ id }) => void (id === videoId && forget(what.path)))
  const { data, error } = useReading(what, {
    enabled: videoId !== undefined,
    refreshMs: (video) => (video?.state === 'ready' || video?.state === 'failed' ? undefined : askMs),
  })
  return { data, isGone: error?.status === 404 }
}

function Preparing({ video: { progress, title }, isPlayable }: { video: Video; isPlayable: boolean }) {
  const t = useTranslations('making.stage')
  const toTimeLeft = useTimeLeft()
  const { cellsDone = 0, cellsPlanned = 0, secondsLeft = null } = progress ?? {}
  const share = cellsPlanned === 0 ? 0 : Math.min(1, cellsDone / cellsPlanned)
  const facts = [
    ...(cellsPlanned === 0 ? [] : [t('percent', { percent: Math.floor(share * 100) })]),
    ...(secondsLeft === null ? [] : [toTimeLeft(secondsLeft)]),
    isPlayable ? t('playableAlready') : t('preparing'),
  ]
  return (
    <>
      <Progress value={share} label={t('progress', { name: title })} />
      <StageLine step={isPlayable ? 3 : 2}>{facts.join(' · ')}</StageLine>
    </>
  )
}

function StageDone() {
  const t = useTranslations('making.stage')
  return (
    <p className="stage-done">
      <CheckIcon />
      <span>{t('ready')}</span>
    </p>
  )
}

function Links({ vid }: { vid: string }) {
  const t = useTranslations('making.stage')
  const words = useTranslations('shell.words')
  return (
    <div className="stage-acts">
      <ButtonLink size="small" look="lamp" icon={GoOnIcon} to={`/watch/${vid}`}>
        {t('watch')}
      </ButtonLink>
      <CopyButton text={`${location.origin}/watch/${vid}`} label={words('copy')} />
    </div>
  )
}
