import { useRef } from 'react'
import { toClock } from '../clock.ts'
import { useFrames } from '../use-frames.ts'
import { usePlayer, usePlayerState } from '../use-player.ts'

/** Written past React: it changes each second, and nothing else does. */
export function TimeShown() {
  const player = usePlayer()
  const durationS = usePlayerState('durationS')
  const now = useRef<HTMLSpanElement>(null)
  useFrames(() => {
    const words = toClock(player.video.currentTime)
    if (now.current && now.current.textContent !== words) now.current.textContent = words
  })
  return (
    <span className="control-time">
      <span ref={now} /> <span className="control-time-whole">/ {toClock(durationS)}</span>
    </span>
  )
}
