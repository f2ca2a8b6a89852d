import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useFormatter } from 'use-intl'
import { toClock } from './clock.ts'
import { ForwardIcon, RewindIcon, SunIcon, VolumeIcon } from './player-icons.tsx'
import { type Badge, useGestures } from './use-gestures.ts'
import { usePlayer, usePlayerState } from './use-player.ts'

/** The picture itself, and the hand on it. Its buttons say the same to whoever has no hand on it. */
export function Surface({ tapped }: { tapped(): void }) {
  const player = usePlayer()
  const place = useRef<HTMLDivElement>(null)
  const shade = useRef<HTMLDivElement>(null)
  const brightness = useRef(1)
  const [badge, setBadge] = useState<Badge>()
  const isLocked = usePlayerState('isLocked')
  const isMirrored = usePlayerState('isMirrored')
  useVideoIn(place)

  const hands = useGestures({
    player,
    isLocked,
    show: setBadge,
    tapped,
    brightness: {
      read: () => brightness.current,
      set(share) {
        brightness.current = share
        shade.current?.style.setProperty('opacity', String((1 - share) * 0.8))
      },
    },
  })
  return (
    <>
      <div className="player-picture" data-mirrored={isMirrored || undefined} ref={place} />
      <div className="player-shade" ref={shade} />
      <div className="player-surface" {...hands} />
      {badge ? <BadgeShown badge={badge} /> : null}
    </>
  )
}

/** The element is older and younger than this view: it only stays here. Between two views it never leaves the page, or it would stop. */
function useVideoIn(place: RefObject<HTMLDivElement | null>) {
  const { video } = usePlayer()
  useLayoutEffect(() => {
    if (place.current && video.parentElement !== place.current) place.current.append(video)
  }, [place, video])
}

function BadgeShown({ badge }: { badge: Badge }) {
  const format = useFormatter()
  if (badge.kind === 'rate')
    return (
      <p className="player-badge">
        {format.number(badge.rate)}× <ForwardIcon />
      </p>
    )
  if (badge.kind === 'seek')
    return (
      <p className="player-badge" data-side={badge.byS < 0 ? 'back' : 'on'}>
        {badge.byS < 0 ? <RewindIcon /> : <ForwardIcon />}
        {toClock(badge.toS)}
        <span className="player-badge-more">
          {badge.byS < 0 ? '−' : '+'}
          {Math.abs(Math.round(badge.byS))}
        </span>
      </p>
    )
  const Drawn = badge.kind === 'volume' ? VolumeIcon : SunIcon
  return (
    <p className="player-badge">
      <Drawn />
      {format.number(badge.share, { style: 'percent' })}
    </p>
  )
}

/** Shown while the hand moves or rests on them, and three seconds longer; always while nothing plays. */
export function useWake(frame: RefObject<HTMLElement | null>): { isAwake: boolean; wake(): void; doze(): void } {
  const isPaused = usePlayerState('isPaused')
  const [isStirred, setIsStirred] = useState(true)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const wake = useCallback(() => {
    setIsStirred(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(function rest() {
      if (!isBusyIn(frame.current)) return setIsStirred(false)
      timer.current = setTimeout(rest, 1000)
    }, 3000)
  }, [frame])
  function doze() {
    clearTimeout(timer.current)
    if (!isBusyIn(frame.current)) setIsStirred(false)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    if (!isPaused) wake()
  }, [isPaused, wake])
  return { isAwake: isPaused || isStirred, wake, doze }
}

/** A menu is open, something is held, or the keyboard walks over the buttons. */
function isBusyIn(frame: HTMLElement | null): boolean {
  return Boolean(frame?.querySelector(':popover-open, [data-held], .control-bar :focus-visible, .control-bar:hover'))
}
