import { useEffect, useEffectEvent } from 'react'

/** Does something before each picture, while the page is seen. */
export function useFrames(act: (nowMs: number) => void, isOn = true): void {
  const latest = useEffectEvent(act)
  useEffect(() => {
    if (!isOn) return
    let frame = requestAnimationFrame(tick)
    function tick(nowMs: number) {
      latest(nowMs)
      frame = requestAnimationFrame(tick)
    }
    return () => cancelAnimationFrame(frame)
  }, [isOn])
}
