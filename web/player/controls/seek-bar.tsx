import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type Chapter, chapterAt } from '../chapters.ts'
import { toClock } from '../clock.ts'
import { useFrames } from '../use-frames.ts'
import { usePlayer, usePlayerState } from '../use-player.ts'
import { SeekPreview } from './seek-preview.tsx'
import type { Storyboard } from './storyboard.ts'

type Props = { chapters: readonly Chapter[]; storyboard: Storyboard | undefined; heat: ReactNode }
type Grip = { isHeld: boolean; atS: number | undefined }

/** What is played, what has come, where one would go, and what is to be seen there. */
export function SeekBar({ chapters, storyboard, heat }: Props) {
  const t = useTranslations('watch.player')
  const player = usePlayer()
  const bar = useRef<HTMLDivElement>(null)
  const durationS = usePlayerState('durationS')
  const loopFromS = usePlayerState('loopFromS')
  const loopToS = usePlayerState('loopToS')
  const [grip, setGrip] = useState<Grip>({ isHeld: false, atS: undefined })
  const share = (seconds: number) => (durationS > 0 ? Math.min(1, Math.max(0, seconds / durationS)) : 0)

  useFrames(() => {
    const element = bar.current
    if (!element) return
    const { video } = player
    const atS = grip.isHeld && grip.atS !== undefined ? grip.atS : video.currentTime
    element.style.setProperty('--played', String(share(atS)))
    element.style.setProperty('--come', String(share(bufferedEnd(video))))
    const words = `${toClock(atS)} / ${toClock(durationS)}`
    if (element.getAttribute('aria-valuetext') !== words) {
      element.setAttribute('aria-valuetext', words)
      element.setAttribute('aria-valuenow', String(Math.floor(atS)))
    }
  })

  const timeAt = ({ clientX }: PointerEvent) => {
    const { left, width } = bar.current?.getBoundingClientRect() ?? { left: 0, width: 1 }
    return Math.min(1, Math.max(0, (clientX - left) / width)) * durationS
  }

  function press(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0 || durationS === 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    setGrip({ isHeld: true, atS: timeAt(event) })
  }

  function release(event: PointerEvent) {
    if (!grip.isHeld) return
    player.seek(timeAt(event))
    setGrip({ isHeld: false, atS: event.pointerType === 'mouse' ? timeAt(event) : undefined })
  }

  function step(event: KeyboardEvent) {
    const by = { ArrowLeft: -5, ArrowRight: 5, ArrowDown: -5, ArrowUp: 5, PageDown: -60, PageUp: 60 }[event.key]
    if (by !== undefined) player.seekBy(by)
    else if (event.key === 'Home') player.seek(0)
    else if (event.key === 'End') player.seek(durationS)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      className="seek"
      ref={bar}
      role="slider"
      tabIndex={0}
      aria-label={t('seek')}
      aria-valuemin={0}
      aria-valuemax={Math.floor(durationS)}
      aria-valuenow={0}
      data-held={grip.isHeld || undefined}
      onPointerDown={press}
      onPointerMove={(event) => setGrip(({ isHeld }) => ({ isHeld, atS: timeAt(event) }))}
      onPointerUp={release}
      onPointerCancel={() => setGrip({ isHeld: false, atS: undefined })}
      onPointerLeave={() => !grip.isHeld && setGrip({ isHeld: false, atS: undefined })}
      onKeyDown={step}
    >
      {heat}
      <div className="seek-rail">
        <div className="seek-come" />
        <div className="seek-played" />
        {loopFromS === undefined ? null : <Part from={share(loopFromS)} to={loopToS === undefined ? share(loopFromS) : share(loopToS)} />}
        {chapters.map(({ fromS }) =>
          fromS > 0 ? <div key={fromS} className="seek-chapter" style={{ insetInlineStart: `${share(fromS) * 100}%` }} /> : null,
        )}
      </div>
      <div className="seek-knob" />
      {grip.atS === undefined || durationS === 0 ? null : (
        <SeekPreview atS={grip.atS} share={share(grip.atS)} storyboard={storyboard} chapter={chapterAt(chapters, grip.atS)?.title} />
      )}
    </div>
  )
}

function Part({ from, to }: { from: number; to: number }) {
  return <div className="seek-part" style={{ insetInlineStart: `${from * 100}%`, inlineSize: `${Math.max(0.3, (to - from) * 100)}%` }} />
}

/** The end of the stretch that the film is in. */
function bufferedEnd({ buffered, currentTime }: HTMLVideoElement): number {
  for (let at = 0; at < buffered.length; at++)
    if (buffered.start(at) <= currentTime + 0.3 && buffered.end(at) >= currentTime) return buffered.end(at)
  return currentTime
}
