import type { DanmakuHabits } from './danmaku-habits.ts'
import { isHidden } from './filter.ts'
import type { Flying } from './flying.ts'
import { Lanes, type Placed, type Sheet, xAt } from './lanes.ts'

const faces = {
  plain: 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  serif: '"Songti SC", SimSun, "Noto Serif CJK SC", ui-serif, serif',
  brush: '"Kaiti SC", KaiTi, BiauKai, DFKai-SB, "LXGW WenKai", cursive',
} as const
const scales = { small: 0.78, normal: 1, large: 1.3 } as const
const crossMs = 9000
const stayMs = 4500

/** What of the height, from above and from below, belongs to subtitles and controls. */
export type Room = { topPx: number; bottomPx: number }

type Shown = { id: string; placed: Placed; hand: Hand; bitmap: HTMLCanvasElement; opacity: number }

/** Draws what flies at a moment of the film. Each text is drawn once, and then only moved. */
export class Painter {
  readonly #canvas: HTMLCanvasElement
  readonly #lanes = new Lanes()
  #items: readonly Flying[] = []
  #shown: Shown[] = []
  #next = 0
  #nowMs = 0
  #sheet = { width: 0, height: 0, ratio: 1 }
  /** For those that come from now on: what flies already keeps its height. */
  room: Room = { topPx: 0, bottomPx: 0 }

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
  }

  get count(): number {
    return this.#shown.length
  }

  /** In the order of their moments. */
  set items(items: readonly Flying[]) {
    // What was taken back stops flying.
    if (items.length < this.#items.length) {
      const left = new Set(items.map(({ id }) => id))
      this.#shown = this.#shown.filter(({ id }) => left.has(id))
    }
    this.#items = items
    const at = items.findIndex(({ atMs }) => atMs > this.#nowMs)
    this.#next = at < 0 ? items.length : at
  }

  /** One that came this moment, shown though its moment is just over. One that flies already is drawn anew where it is. */
  add(item: Flying, habits: DanmakuHabits): void {
    const shown = this.#shown.find(({ id }) => id === item.id)
    if (shown) {
      shown.bitmap = drawText(item, shown.hand)
      return
    }
    this.#place({ ...item, atMs: this.#nowMs }, habits)
  }

  clear(): void {
    this.#lanes.clear()
    this.#shown = []
    this.#canvas.getContext('2d')?.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
  }

  paint(nowMs: number, habits: DanmakuHabits): void {
    this.#fit()
    if (nowMs < this.#nowMs - 50 || nowMs > this.#nowMs + 2000) this.#jump(nowMs, habits)
    this.#nowMs = nowMs
    for (let item = this.#items[this.#next]; item && item.atMs <= nowMs; item = this.#items[this.#next]) {
      this.#next += 1
      this.#place(item, habits)
    }
    this.#draw(nowMs)
  }

  /** What had been flying for a while at the moment one comes to. */
  #jump(nowMs: number, habits: DanmakuHabits): void {
    this.clear()
    const fromMs = nowMs - crossMs / habits.speed
    const first = this.#items.findIndex(({ atMs }) => atMs >= fromMs)
    this.#next = first < 0 ? this.#items.length : first
  }

  #place(item: Flying, habits: DanmakuHabits): void {
    if (isHidden(item, habits)) return
    const { width, height } = this.#sheet
    if (width === 0) return
    const fontPx = Math.round(Math.min(34, Math.max(15, height / 22)) * habits.size)
    const lineHeight = Math.round(fontPx * 1.4)
    const free = height - this.room.topPx - this.room.bottomPx
    const lanes = Math.max(1, Math.floor((free * habits.area) / lineHeight))
    const hand = { fontPx: Math.round(fontPx * scales[item.size]), ratio: this.#sheet.ratio, face: faces[habits.face] }
    const bitmap = drawText(item, hand)
    const sheet: Sheet = { width, lanes, crossMs: crossMs / habits.speed, stayMs: stayMs / habits.speed }
    const placed = this.#lanes.place({ atMs: item.atMs, width: bitmap.width / this.#sheet.ratio, mode: item.mode }, sheet)
    if (!placed) return
    const where = { ...placed, lane: this.#yOf(placed, lineHeight, lanes) }
    this.#shown.push({ id: item.id, placed: where, hand, bitmap, opacity: habits.opacity })
  }

  /** From here on the lane is its height in pixels. */
  #yOf({ lane, mode }: Placed, lineHeight: number, lanes: number): number {
    if (mode !== 'bottom') return this.room.topPx + 6 + lane * lineHeight
    return this.#sheet.height - this.room.bottomPx - (lanes - lane) * lineHeight
  }

  #draw(nowMs: number): void {
    const context = this.#canvas.getContext('2d')
    if (!context) return
    const { width, height, ratio } = this.#sheet
    context.clearRect(0, 0, width * ratio, height * ratio)
    this.#shown = this.#shown.filter(({ placed }) => placed.toMs > nowMs)
    for (const { placed, bitmap, opacity } of this.#shown) {
      const x = placed.mode === 'scroll' ? xAt(placed, nowMs, this.#sheet) : (width - placed.width) / 2
      context.globalAlpha = opacity
      context.drawImage(bitmap, Math.round(x * ratio), placed.lane * ratio)
    }
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas
    const ratio = Math.min(2, devicePixelRatio)
    if (width === this.#sheet.width && height === this.#sheet.height && ratio === this.#sheet.ratio) return
    this.#sheet = { width, height, ratio }
    this.#canvas.width = width * ratio
    this.#canvas.height = height * ratio
    this.#nowMs = Number.NEGATIVE_INFINITY
  }
}

type Hand = { fontPx: number; ratio: number; face: string }

function drawText({ text, color, count, isOwn }: Flying, { fontPx, ratio, face }: Hand): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (!context) return canvas
  const words = count > 1 ? `${text} ×${count}` : text
  const font = `600 ${fontPx * ratio}px ${face}`
  context.font = font
  const pad = 6 * ratio
  canvas.width = Math.ceil(context.measureText(words).width) + pad * 2
  canvas.height = Math.ceil(fontPx * ratio * 1.35)
  context.font = font
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  context.lineWidth = Math.max(2, fontPx * ratio * 0.11)
  context.strokeStyle = isDark(color) ? 'rgb(255 255 255 / 0.8)' : 'rgb(0 0 0 / 0.75)'
  context.fillStyle = color
  context.strokeText(words, pad, canvas.height / 2)
  context.fillText(words, pad, canvas.height / 2)
  if (isOwn) {
    context.strokeStyle = color
    context.lineWidth = ratio
    context.strokeRect(ratio, ratio, canvas.width - 2 * ratio, canvas.height - 2 * ratio)
  }
  return canvas
}

function isDark(color: string): boolean {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
  return r * 0.299 + g * 0.587 + b * 0.114 < 60
}
