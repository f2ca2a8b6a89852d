/** What a hand does on the picture. Pure: the moments come from outside, so that every gesture can be tried without a hand. */
export type Touch = { x: number; y: number; atMs: number }
export type Sheet = { width: number; height: number }

export type Slide = 'seek' | 'volume' | 'brightness'

const slackPx = 12
export const holdMs = 450
const doubleMs = 280

/** Undefined while the hand has hardly moved. Along the film sideways; up and down the light on the left, the sound on the right. */
export function slideOf(from: Touch, to: Touch, { width }: Sheet): Slide | undefined {
  const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)]
  if (Math.max(dx, dy) < slackPx) return undefined
  if (dx > dy) return 'seek'
  return from.x < width / 2 ? 'brightness' : 'volume'
}

/** The whole width is a minute and a half, or a third of a short film. */
export function slidSeconds(from: Touch, to: Touch, { width }: Sheet, durationS: number): number {
  return ((to.x - from.x) / Math.max(1, width)) * Math.min(90, Math.max(15, durationS / 3))
}

export function slidShare(from: Touch, to: Touch, { height }: Sheet): number {
  return (from.y - to.y) / Math.max(1, height * 0.8)
}

/** The outer thirds go back and on, the middle pauses. */
export function sideOf({ x }: Touch, { width }: Sheet): 'back' | 'middle' | 'on' {
  if (x < width / 3) return 'back'
  return x > (width * 2) / 3 ? 'on' : 'middle'
}

export function isDouble(first: Touch | undefined, second: Touch, sheet: Sheet): boolean {
  return first !== undefined && second.atMs - first.atMs <= doubleMs && sideOf(first, sheet) === sideOf(second, sheet)
}
