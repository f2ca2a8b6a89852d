import { useTranslations } from 'use-intl'
import { useOnline } from '#web/lib/use-online.ts'
import { Progress } from '#web/ui/progress.tsx'
import { useBytes, useTimeLeft } from '../sizes.ts'
import type { Desk } from './desk.ts'
import { FileAsked } from './file-asked.tsx'
import type { FilmOnItsWay, FilmView } from './film-on-its-way.ts'
import { FilmFailed } from './film-failed.tsx'
import { Prepared } from './prepared.tsx'
import { shareOf, type Stage } from './stage.ts'
import { StageLine } from './stage-line.tsx'

type Props = { desk: Desk; film: FilmOnItsWay; view: FilmView; username: string }

/** Where a film stands between its file and its viewers. */
export function StageOf({ desk, film, view, username }: Props) {
  const t = useTranslations('making.stage')
  const { stage } = view
  switch (stage.at) {
    case 'waiting':
    case 'elsewhere':
      return <StageLine>{t(stage.at)}</StageLine>
    case 'opening':
      return <Opening trouble={stage.trouble} />
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

type Trouble = Extract<Stage, { at: 'opening' }>['trouble']

/** In words; none where it moves. */
function useTrouble(trouble: Trouble): string | undefined {
  const t = useTranslations('making.stage.trouble')
  const isOnline = useOnline()
  if (!isOnline) return t('offline')
  return trouble && t(trouble)
}

function Opening({ trouble }: { trouble: Trouble }) {
  const t = useTranslations('making.stage')
  const held = useTrouble(trouble)
  return (
    <StageLine step={0} isHeldUp={held !== undefined}>
      {held ?? t('opening')}
    </StageLine>
  )
}

function Sending({ view }: { view: FilmView }) {
  const t = useTranslations('making.stage')
  const toBytes = useBytes()
  const toTimeLeft = useTimeLeft()
  const { stage } = view
  const held = useTrouble(stage.at === 'sending' ? stage.trouble : undefined)
  if (stage.at !== 'sending') return null
  const { bytesPerSecond, secondsLeft } = stage
  const percent = t('percent', { percent: Math.floor(shareOf(view) * 100) })
  const speed = bytesPerSecond > 0 ? [t('speed', { speed: toBytes(bytesPerSecond) })] : []
  const left = secondsLeft === undefined ? [] : [toTimeLeft(secondsLeft)]
  return (
    <>
      <Progress value={shareOf(view)} label={t('progress', { name: view.fields.title })} />
      <StageLine step={0} isHeldUp={held !== undefined}>
        {(held === undefined ? [percent, ...speed, ...left] : [percent, held]).join(' · ')}
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
