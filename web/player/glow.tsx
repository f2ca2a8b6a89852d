import { useEffect, useRef } from 'react'
import { usePlayer, usePlayerState } from './use-player.ts'

const everyMs = 1500

/** The picture's own colours in the dark around it. None for who wants less motion or saves power, and none while nothing plays. */
export function Glow() {
  const { video } = usePlayer()
  const isPaused = usePlayerState('isPaused')
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (isPaused || matchMedia('(prefers-reduced-motion: reduce), (width < 960px)').matches) return
    const paint = () => {
      if (document.hidden || video.videoWidth === 0) return
      const context = canvas.current?.getContext('2d')
      if (!context) return
      // A little of the new over the old: the glow follows slowly.
      context.globalAlpha = 0.5
      context.drawImage(video, 0, 0, 32, 18)
    }
    paint()
    const timer = setInterval(paint, everyMs)
    return () => clearInterval(timer)
  }, [isPaused, video])
  return <canvas className="player-glow" ref={canvas} width={32} height={18} aria-hidden="true" />
}
