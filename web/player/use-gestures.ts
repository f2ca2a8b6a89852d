import { type MouseEvent, type PointerEvent, useRef } from 'react'
import { holdMs, isDouble, type Sheet, sideOf, type Slide, slideOf, slidSeconds, slidShare, type Touch } from './gestures.ts'
import type { Player } from './player.ts'

export type Badge =
  | { kind: 'rate'; rate: number }
  | { kind: 'seek'; byS: number; toS: number }
  | { kind: 'volume'; share: number }
  | { kind: 'brightness'; share: number }

type Parts = {
  player: Player
  isLocked: boolean
  show(badge: Badge | undefined): void
  tapped(): void
  brightness: { read(): number; set(share: number): void }
}

type Hold = {
  from: Touch
  isTouch: boolean
  slide: Slide | undefined
  timer: ReturnType<typeof setTimeout>
  rateBefore: number | undefined
  base: { atS: number; volume: number; brightness: number }
}

const heldRate = 2
const jumpS = 10

/** Taps, double taps, a hand that holds still, and slides. A mouse clicks, double-clicks and holds. */
export function useGestures({ player, isLocked, show, tapped, brightness }: Parts) {
  const hold = useRef<Hold>(undefined)
  const lastTap = useRef<Touch>(undefined)
  const pendingTap = useRef<ReturnType<typeof setTimeout>>(undefined)
  const jumped = useRef<{ byS: number; timer: ReturnType<typeof setTimeout> }>(undefined)

  function jump(byS: number) {
    clearTimeout(jumped.current?.timer)
    const sum = Math.sign(jumped.current?.byS ?? 0) === Math.sign(byS) ? (jumped.current?.byS ?? 0) + byS : byS
    player.seekBy(byS)
    show({ kind: 'seek', byS: sum, toS: player.video.currentTime })
    const timer = setTimeout(() => {
      jumped.current = undefined
      show(undefined)
    }, 700)
    jumped.current = { byS: sum, timer }
  }

  function press(event: PointerEvent<HTMLElement>) {
    if (event.button !== 0) return
    const isTouch = event.pointerType !== 'mouse'
    event.currentTarget.setPointerCapture(event.pointerId)
    const timer = setTimeout(() => {
      if (!hold.current || hold.current.slide || isLocked || player.video.paused) return
      hold.current.rateBefore = player.video.playbackRate
      player.video.playbackRate = Math.max(heldRate, player.video.playbackRate)
      show({ kind: 'rate', rate: player.video.playbackRate })
    }, holdMs)
    const base = { atS: player.video.currentTime, volume: player.video.muted ? 0 : player.video.volume, brightness: brightness.read() }
    hold.current = { from: touchOf(event), isTouch, slide: undefined, timer, rateBefore: undefined, base }
  }

  function move(event: PointerEvent<HTMLElement>) {
    const now = hold.current
    if (!now?.isTouch || now.rateBefore !== undefined || isLocked) return
    const sheet = sheetOf(event)
    const touch = touchOf(event)
    now.slide ??= slideOf(now.from, touch, sheet)
    if (!now.slide) return
    clearTimeout(now.timer)
    if (now.slide === 'seek') {
      const byS = slidSeconds(now.from, touch, sheet, player.store.get().durationS)
      return show({ kind: 'seek', byS, toS: Math.max(0, now.base.atS + byS) })
    }
    const share = Math.min(1, Math.max(0, now.base[now.slide] + slidShare(now.from, touch, sheet)))
    if (now.slide === 'volume') player.setVolume(share)
    else brightness.set(share)
    show({ kind: now.slide, share })
  }

  function release(event: PointerEvent<HTMLElement>) {
    const now = hold.current
    hold.current = undefined
    if (!now) return
    clearTimeout(now.timer)
    if (now.rateBefore !== undefined) {
      player.video.playbackRate = now.rateBefore
      return show(undefined)
    }
    if (now.slide === 'seek')
      player.seek(now.base.atS + slidSeconds(now.from, touchOf(event), sheetOf(event), player.store.get().durationS))
    if (now.slide) return show(undefined)
    if (event.type === 'pointercancel') return
    tap(touchOf(event), sheetOf(event), now.isTouch)
  }

  function tap(touch: Touch, sheet: Sheet, isTouch: boolean) {
    const side = sideOf(touch, sheet)
    // After a jump each further tap on the same side is one more.
    const isOneMore = isTouch && Math.sign(jumped.current?.byS ?? 0) === { back: -1, middle: Number.NaN, on: 1 }[side]
    const isSecond = isOneMore || isDouble(lastTap.current, touch, sheet)
    lastTap.current = touch
    clearTimeout(pendingTap.current)
    if (isLocked) return tapped()
    if (!isTouch) {
      // A click acts at once; its double takes it back and fills the screen.
      player.toggle()
      if (isSecond) void player.setFull(player.store.get().full === 'no' ? 'screen' : 'no')
      return
    }
    if (!isSecond) {
      pendingTap.current = setTimeout(tapped, 220)
      return
    }
    if (side === 'middle') player.toggle()
    else jump(side === 'on' ? jumpS : -jumpS)
  }

  /** A finger that holds still speeds the film up, and wants no menu. */
  function refuseMenu(event: MouseEvent) {
    if (hold.current?.isTouch) event.preventDefault()
  }

  return { onPointerDown: press, onPointerMove: move, onPointerUp: release, onPointerCancel: release, onContextMenu: refuseMenu }
}

function sheetOf({ currentTarget }: PointerEvent<HTMLElement>): Sheet {
  return { width: currentTarget.clientWidth, height: currentTarget.clientHeight }
}

function touchOf({ currentTarget, clientX, clientY, timeStamp }: PointerEvent<HTMLElement>): Touch {
  const { left, top } = currentTarget.getBoundingClientRect()
  return { x: clientX - left, y: clientY - top, atMs: timeStamp }
}
