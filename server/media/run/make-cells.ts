import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { faultOf, type RowFacts, sha256 } from '../cell/check.ts'
import { audioRunWords } from '../command/audio.ts'
import { cellFile, initFile, videoRunWords } from '../command/video.ts'
import { audioSeconds, type Span, videoSeconds } from '../plan/cells.ts'
import { audioFramesPerCell, type Plan } from '../plan/plan.ts'
import { runLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool, type ToolEnd } from '../tool/tool.ts'

/** What one process makes: some cells of some rows. Rows of pictures together, decoded once; a row of sound alone. */
export type RunOrder = {
  rows: readonly string[]
  cells: Span
  leadS: number
  threads: number
  isIdle: boolean
  decoders: readonly string[]
}

export type MadeCell = { row: string; cell: number; path: string; bytes: Uint8Array }

export type RunRoom = {
  seal: Seal
  plan: Plan
  facts: ReadonlyMap<string, RowFacts>
  source: string
  folder: string
  signal: AbortSignal
  /** Brings here what FFmpeg reads of the film from one moment to another, seconds; of a file that is whole here there is nothing to bring. */
  reach?: ((fromS: number, toS: number) => Promise<void>) | undefined
  /** Called for each cell that is whole and right, in the order of their making. */
  made(cell: MadeCell): Promise<void>
}

export type RunEnd = { end: ToolEnd; made: number; faults: { row: string; cell: number; why: string }[] }

/** Starts the process and takes its cells as they appear. Those that do not hold what they promised are named, not taken. */
export async function makeCells(room: RunRoom, order: RunOrder): Promise<RunEnd> {
  const { fromS, toS } = momentsOf(room.plan, order)
  await room.reach?.(fromS, toS)
  const taker = new Taker(room, order)
  const watcher = watch(room.folder, () => taker.look())
  try {
    const end = await runTool(room.seal, {
      program: 'ffmpeg',
      words: wordsOf(room.plan, order),
      folder: room.folder,
      source: room.source,
      limits: limitsOf(room.plan, order),
      isIdle: order.isIdle,
      signal: room.signal,
    })
    // What the killed one had finished stays good; what it had open was never renamed.
    const { made, faults } = await taker.finish(end.state === 'done')
    return { end, made, faults }
  } finally {
    watcher.close()
  }
}

function wordsOf(plan: Plan, order: RunOrder): string[] {
  const sound = plan.audio.find(({ name }) => name === order.rows[0])
  if (sound) return audioRunWords(plan, { row: sound, cells: order.cells, decoders: order.decoders })
  const { video } = plan
  if (!video) throw new Error('a film without pictures has no rows of them')
  const rows = video.rows.filter(({ name }) => order.rows.includes(name))
  return videoRunWords(
    { ...plan, video },
    { rows, cells: order.cells, leadS: order.leadS, threads: order.threads, decoders: order.decoders },
  )
}

function momentsOf({ video, audio }: Plan, { rows, cells, leadS }: RunOrder): { fromS: number; toS: number } {
  const isSound = !video || audio.some(({ name }) => name === rows[0])
  const at = (cell: number) => (isSound ? audioSeconds(cell * audioFramesPerCell) : videoSeconds(video, cell * video.framesPerCell))
  return { fromS: Math.max(0, at(cells.start) - Math.max(leadS, 1)), toS: at(cells.end) }
}

function limitsOf(plan: Plan, order: RunOrder) {
  const cells = order.cells.end - order.cells.start
  const { video } = plan
  const isSound = plan.audio.some(({ name }) => name === order.rows[0])
  if (isSound || !video) return runLimits({ filmS: audioSeconds(cells * audioFramesPerCell), width: 640, height: 360, rows: 1 })
  const top = video.rows.at(-1)
  // A lead-in reaches back to the beginning at most.
  const leadS = Math.min(order.leadS, videoSeconds(video, order.cells.start * video.framesPerCell))
  return runLimits({
    filmS: videoSeconds(video, cells * video.framesPerCell) + leadS,
    width: top?.width ?? 1920,
    height: top?.height ?? 1080,
    rows: order.rows.length,
  })
}

/** Looks for finished files, one look at a time, and hands each over once. */
class Taker {
  readonly #room: RunRoom
  readonly #order: RunOrder
  readonly #seen = new Set<string>()
  readonly #faults: { row: string; cell: number; why: string }[] = []
  #made = 0
  #looking: Promise<void> = Promise.resolve()
  #isWanted = false

  constructor(room: RunRoom, order: RunOrder) {
    this.#room = room
    this.#order = order
  }

  look(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#looking = this.#looking.then(async () => {
      this.#isWanted = false
      await this.#take()
    })
    this.#looking.catch(() => {})
  }

  async finish(isDone: boolean): Promise<{ made: number; faults: { row: string; cell: number; why: string }[] }> {
    await this.#looking
    await this.#take()
    if (isDone)
      for (const { row, cell } of this.#expected())
        if (!this.#seen.has(cellFile(row, cell))) this.#faults.push({ row, cell, why: 'did not appear' })
    return { made: this.#made, faults: this.#faults }
  }

  *#expected(): Generator<{ row: string; cell: number }> {
    for (const row of this.#order.rows) for (let cell = this.#order.cells.start; cell < this.#order.cells.end; cell++) yield { row, cell }
  }

  async #take(): Promise<void> {
    const names = new Set(await readdir(this.#room.folder))
    for (const { row, cell } of this.#expected()) {
      const name = cellFile(row, cell)
      if (!names.has(name) || this.#seen.has(name)) continue
      this.#seen.add(name)
      const fault = await this.#takeOne(row, cell, join(this.#room.folder, name))
      if (fault !== undefined) this.#faults.push({ row, cell, why: fault })
    }
  }

  async #takeOne(row: string, cell: number, path: string): Promise<string | undefined> {
    const { plan, facts, folder, made } = this.#room
    const rowFacts = facts.get(row)
    if (!rowFacts) return 'the row has no init section'
    const bytes = await readFile(path)
    const fault = faultOf(plan, rowFacts, row, cell, bytes)
    if (fault !== undefined) return fault
    if (sha256(await readFile(join(folder, initFile(row)))) !== rowFacts.initSha256) return 'was made by another encoder than the row'
    await made({ row, cell, path, bytes })
    this.#made++
    return undefined
  }
}
