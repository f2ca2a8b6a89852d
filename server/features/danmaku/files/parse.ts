import { unreadableFile } from '../errors.ts'
import type { DanmakuRow } from '../store.ts'

/** One of a file, from wherever it comes: believed in nothing but its text and place. `by`: as the file names its sender. */
export type FlyingText = Pick<DanmakuRow, 'mode' | 'size' | 'color'> & { atMs: number; text: string; by: string }
type Parsed = { items: FlyingText[]; passedOver: number }

const mostItems = 20_000

/** XML as Bilibili writes it, or ASS. No entity is looked up, no document type read: what is not `<d p="…">` is not looked at. */
export function parseFile(file: string): Parsed {
  const text = file.replace(/^\uFEFF/, '')
  if (/^\s*\[Script Info\]/i.test(text)) return parseAss(text)
  if (/^\s*<(\?xml|i[\s>])/i.test(text)) return parseXml(text)
  throw unreadableFile()
}

function parseXml(text: string): Parsed {
  const parsed: Parsed = { items: [], passedOver: 0 }
  for (const [, facts = '', said = ''] of text.matchAll(/<d\s[^>]{0,40}?p="([^"<>]{1,300})"[^>]{0,300}>([^<]{0,2000})<\/d>/g)) {
    const item = fromFacts(facts.split(','), unescape(said))
    if (item && parsed.items.length < mostItems) parsed.items.push(item)
    else parsed.passedOver++
  }
  return parsed
}

/** Second, mode, size, color, moment, pool, sender, id. */
function fromFacts([second = '', mode = '', size = '', color = '', , , by = '']: string[], text: string): FlyingText | undefined {
  const modes: Record<string, FlyingText['mode']> = { 1: 'scroll', 2: 'scroll', 3: 'scroll', 4: 'bottom', 5: 'top', 6: 'scroll' }
  const known = modes[mode]
  const atMs = Math.round(Number(second) * 1000)
  if (!known || !Number.isSafeInteger(atMs) || text.trim() === '') return undefined
  const points = Number(size)
  const rgb = Number(color)
  return {
    atMs,
    text,
    by: by.slice(0, 40),
    mode: known,
    size: points > 0 && points < 22 ? 'small' : points > 30 ? 'large' : 'normal',
    color: Number.isInteger(rgb) && rgb >= 0 && rgb <= 0xffffff ? rgb : 0xffffff,
  }
}

function unescape(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (whole: string, decimal?: string, hex?: string, name?: string) => {
    if (name) return named[name] ?? whole
    const point = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
}

function parseAss(text: string): Parsed {
  const parsed: Parsed = { items: [], passedOver: 0 }
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith('Dialogue:')) continue
    const item = fromDialogue(line)
    if (item && parsed.items.length < mostItems) parsed.items.push(item)
    else parsed.passedOver++
  }
  return parsed
}

function fromDialogue(line: string): FlyingText | undefined {
  const [, start = '', , style = '', , , , , , ...rest] = line.slice('Dialogue:'.length).split(',')
  const said = rest.join(',')
  const [, hours = '', minutes = '', seconds = ''] = /^\s*(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,3})?)\s*$/.exec(start) ?? []
  const text = said
    .replace(/\{[^}]*\}/g, '')
    .replace(/\\[Nnh]/g, ' ')
    .trim()
  if (seconds === '' || text === '') return undefined
  const atMs = Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
  const [, blue = '', green = '', red = ''] = /\\(?:1?c)&H(?:[\da-f]{2})?([\da-f]{2})([\da-f]{2})([\da-f]{2})&/i.exec(said) ?? []
  const color = red === '' ? 0xffffff : Number.parseInt(red + green + blue, 16)
  return { atMs, text, by: '', mode: modeOf(said, style), size: 'normal', color }
}

function modeOf(said: string, style: string): FlyingText['mode'] {
  if (/\\move\(/.test(said)) return 'scroll'
  const [, place = ''] = /\\an([1-9])/.exec(said) ?? []
  if (/^[789]$/.test(place) || /top/i.test(style)) return 'top'
  if (/^[123]$/.test(place) || /bottom|btm/i.test(style)) return 'bottom'
  return 'scroll'
}
