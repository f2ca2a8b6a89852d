import type { Danmaku } from '#shared/api/danmaku.ts'

const width = 1920
const height = 1080
const lane = 56
const lanes = Math.floor((height * 0.75) / lane)
const crossMs = 8000
const standMs = 5000
const points = { small: 36, normal: 48, large: 64 } as const

/** Subtitles that fly, for players that know nothing else: laid out once, in lanes, as far as there is room. */
export function toAss(items: readonly Danmaku[], title: string): string {
  const place = createLanes()
  const lines = items.flatMap((item) => {
    const at = place(item)
    return at === undefined ? [] : [toDialogue(item, at)]
  })
  return `${header(title)}${lines.join('\n')}\n`
}

/** When each lane is free again: for what flies, once the last one has left the edge it came in by. */
function createLanes() {
  const free = { scroll: Array<number>(lanes).fill(0), top: Array<number>(lanes).fill(0), bottom: Array<number>(lanes).fill(0) }
  return ({ atMs, mode, text, size }: Danmaku): number | undefined => {
    const own = free[mode]
    const at = own.findIndex((freeMs) => freeMs <= atMs)
    if (at === -1) return undefined
    const entersMs = (crossMs * widthOf(text, size)) / (width + widthOf(text, size))
    // The next one may be faster, being longer: half of its way is room enough.
    own[at] = atMs + (mode === 'scroll' ? entersMs + 1500 : standMs)
    return at
  }
}

const widthOf = (text: string, size: Danmaku['size']) =>
  [...text].reduce((sum, character) => sum + (character.charCodeAt(0) < 0x2e80 ? 0.55 : 1), 0) * points[size]

function toDialogue({ atMs, mode, text, size, color }: Danmaku, at: number): string {
  const endMs = atMs + (mode === 'scroll' ? crossMs : standMs)
  const y = mode === 'bottom' ? height - at * lane : (at + 1) * lane
  const long = Math.ceil(widthOf(text, size))
  const way =
    mode === 'scroll'
      ? `\\an1\\move(${width},${y},${-long},${y})`
      : `\\an${mode === 'top' ? 8 : 2}\\pos(${width / 2},${mode === 'top' ? at * lane : y})`
  const [, red = 'ff', green = 'ff', blue = 'ff'] = /^#(..)(..)(..)$/.exec(color) ?? []
  const look = `\\fs${points[size]}\\c&H${blue}${green}${red}&`
  return `Dialogue: 0,${toTime(atMs)},${toTime(endMs)},Danmaku,,0,0,0,,{${way}${look}}${plain(text)}`
}

/** What would be read as a command is written with signs that look like it. */
const plain = (text: string) => text.replace(/[{}]/g, (sign) => (sign === '{' ? '｛' : '｝')).replaceAll('\\', '＼')

function toTime(ms: number): string {
  const hundredths = Math.round(ms / 10)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(hundredths / 360_000)}:${two(Math.floor(hundredths / 6000) % 60)}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`
}

const header = (title: string) => `[Script Info]
Title: ${plain(title).replace(/[\r\n]/g, ' ')}
ScriptType: v4.00+
PlayResX: ${width}
PlayResY: ${height}
WrapStyle: 2

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Danmaku,Noto Sans CJK SC,48,&H00FFFFFF,&H00FFFFFF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,2,0,7,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`
