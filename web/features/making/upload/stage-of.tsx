import { useTranslations } from 'use-intl'
import { useOnline } from '#web/lib/use-online.ts'
import { Progress } from '#web/ui/progress.tsx'
import { useBytes, useTimeLeft } from '../sizes.ts'
import type { Desk } from './desk.ts'
import { FileAsked } from './file-asked.tsx'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import { FilmFailed } from './film-failed.tsx'
import { Prepared } from './prepared.tsx'
import { shareOf } from './stage.ts'
import { StageLine } from './stage-line.tsx'

type Props = { desk: Desk; film: FilmOnItsWay; view: FilmView; username: string }

/** Where a film stands between its file and its viewers. */
export function StageOf({ desk, film, view, username }: Props) {
  const t = useTranslations('making.stage')
  const { stage } = view
  switch (stage.at) {
    case 'waiting':
    case 'opening':
    case 'elsewhere':
      return <StageLine step={stage.at === 'opening' ? 0 : undefined}>{t(stage.at)}</StageLine>
    case 'sending':
      return <Sending view={view} />
    case 'verifying':
      return (
        <>
          <Progress value={1} label={t('progress', { name: view.fields.title })} />
          <StageLine step={1}>{t('verifying')}</StageLine>
        </>
      )
    case 'paused':
      return <Paused view={view} />
    case 'fileless':
      return <FileAsked desk={desk} film={film} view={view} />
    case 'failed':
      return <FilmFailed desk={desk} film={film} view={view} failing={stage.failing} />
    case 'sent':
      return <Prepared view={view} username={username} />
    case 'leaving':
      return null
  }
}

function Sending({ view }: { view: FilmView }) {
  const t = useTranslations('making.stage')
  const toBytes = useBytes()
  const toTimeLeft = useTimeLeft()
  const isOnline = useOnline()
  const { stage } = view
  if (stage.at !== 'sending') return null
  const { trouble, bytesPerSecond, secondsLeft } = stage
  const percent = t('percent', { percent: Math.floor(shareOf(view) * 100) })
  const speed = bytesPerSecond > 0 ? [t('speed', { speed: toBytes(bytesPerSecond) })] : []
  const left = secondsLeft === undefined ? [] : [toTimeLeft(secondsLeft)]
  const isHeldUp = trouble !== undefined || !isOnline
  return (
    <>
      <Progress value={shareOf(view)} label={t('progress', { name: view.fields.title })} />
      <StageLine step={0} isHeldUp={isHeldUp}>
        {isHeldUp ? `${percent} · ${t(`trouble.${isOnline ? (trouble ?? 'line') : 'offline'}`)}` : [percent, ...speed, ...left].join(' · ')}
      </StageLine>
    </>
  )
}

function Paused({ view }: { view: FilmView }) {
  const t = useTranslations('making.stage')
  const toBytes = useBytes()
  return (
    <>
      <Progress value={shareOf(view)} label={t('progress', { name: view.fields.title })} />
      <StageLine>{t('paused', { held: toBytes(view.heldBytes), total: toBytes(view.size) })}</StageLine>
    </>
  )
}
