import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { Button } from '#web/ui/button.tsx'
import { SeatsTaken } from './crowded-face.tsx'
import { PlayIcon, SilentIcon } from './player-icons.tsx'
import type { Trouble } from './player-state.ts'
import { usePlayer, usePlayerState } from './use-player.ts'

/** What stands over the picture when there is none, or when it waits for somebody. One thing at a time. */
export function Faces({ progress }: { progress: number | undefined }) {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const trouble = usePlayerState('trouble')
  const needsTouch = usePlayerState('needsTouch')
  const isWaiting = usePlayerState('isWaiting')
  const isHushed = usePlayerState('isHushed')
  if (trouble) return <TroubleFace trouble={trouble} progress={progress} />
  if (needsTouch)
    return (
      <button type="button" className="player-begin" aria-label={t('play')} onClick={() => player.play()}>
        <PlayIcon />
      </button>
    )
  return (
    <>
      {isWaiting ? (
        <>
          <div className="player-waiting" role="status" aria-label={t('waiting')} />
          <SlowHint />
        </>
      ) : null}
      {isHushed ? (
        <button type="button" className="player-hushed" onClick={() => player.mute(false)}>
          <SilentIcon />
          {t('unmuteHint')}
        </button>
      ) : null}
    </>
  )
}

const longMs = 6000

/** One quality was chosen, and the line does not carry it. */
function SlowHint() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const quality = usePlayerState('quality')
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), longMs)
    return () => clearTimeout(timer)
  }, [])
  if (!isLong || quality === 'auto') return null
  return (
    <button type="button" className="player-hushed" onClick={() => player.chooseQuality('auto')}>
      {t('slow')}
    </button>
  )
}

function TroubleFace({ trouble, progress }: { trouble: Trouble; progress: number | undefined }) {
  const t = useTranslations('watch.trouble')
  const player = usePlayer()
  const words = {
    offline: 'offline',
    'signed out': 'signedOut',
    crowded: 'crowded',
    preparing: 'preparing',
    gone: 'gone',
    broken: 'broken',
  } as const
  const name = words[trouble.kind]
  return (
    <div className="player-trouble" role="alert">
      <p className="player-trouble-title">{t(`${name}.title`)}</p>
      <p>{trouble.kind === 'crowded' && trouble.text ? trouble.text : t(`${name}.text`)}</p>
      {trouble.kind === 'preparing' && progress !== undefined ? (
        <progress className="player-trouble-bar" value={progress} max={1} aria-label={t('preparing.title')} />
      ) : null}
      {trouble.kind === 'crowded' ? <SeatsTaken /> : null}
      <div className="player-trouble-acts">
        {trouble.kind === 'gone' ? null : (
          <Button look="screen" size="small" onClick={() => player.retry()}>
            {t('retry')}
          </Button>
        )}
        {trouble.kind === 'broken' ? (
          <Button size="small" onClick={() => player.chooseQuality('original')}>
            {t('tryOriginal')}
          </Button>
        ) : null}
        {trouble.kind === 'crowded' ? (
          <Link className="button button-plain button-small" href="/settings/security">
            {t('devices')}
          </Link>
        ) : null}
      </div>
    </div>
  )
}

/** "You were here": stays for a while, and the way to the beginning with it. */
export function ResumeHint() {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const from = usePlayerState('resumedFromS')
  const isOpening = usePlayerState('isOpening')
  if (from === undefined || isOpening) return null
  return (
    <div className="player-resumed">
      <span>{t('resumed')}</span>
      <button type="button" onClick={() => player.startOver()}>
        {t('startOver')}
      </button>
    </div>
  )
}
