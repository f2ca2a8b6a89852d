import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const themes = ['light', 'dark'] as const

/** Each colour as it is written once: `light-dark(day, night)`. */
const colours = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(([, name = '', light = '', dark = '']) => [
    name,
    { light, dark },
  ]),
)

const grounds = ['room', 'surface', 'raised']
const texts = ['text', 'text-soft', 'text-faint', 'accent', 'accent-strong', 'danger', 'done']
const pairs = [
  ...texts.flatMap((text) => grounds.map((ground) => [text, ground, 4.5] as const)),
  ['text', 'pressed', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-strong', 4.5],
  ['on-danger', 'danger-fill', 4.5],
  ['on-screen', 'screen', 4.5],
  ['on-screen', 'screen-glow', 4.5],
  ['on-screen-soft', 'screen', 4.5],
  ['on-screen-soft', 'screen-glow', 4.5],
  // The edge of a control, and the ring around what has the focus.
  ...grounds.flatMap((ground) => [['edge', ground, 3] as const, ['accent', ground, 3] as const]),
] as const

test.each(themes.flatMap((theme) => pairs.map(([front, back, least]) => ({ theme, front, back, least }))))(
  'in the $theme theme $front on $back reaches $least : 1',
  ({ theme, front, back, least }) => {
    expect(contrast(colourOf(front, theme), colourOf(back, theme))).toBeGreaterThanOrEqual(least)
  },
)

test('the measure of contrast is the one of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
})

function colourOf(name: string, theme: 'light' | 'dark'): string {
  const colour = colours.get(name)
  if (!colour) throw new Error(`tokens.css has no colour --${name}.`)
  return colour[theme]
}

function contrast(one: string, other: string): number {
  const [brighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (brighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
