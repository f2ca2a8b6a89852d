import { audioCells, audioSeconds, type Span, videoCells, videoSeconds } from '#server/media/plan/cells.ts'
import { audioFramesPerCell, type Plan } from '#server/media/plan/plan.ts'

/** What one process makes of a film: cells of rows that are decoded once, or of one row of sound. */
export type FilmRun = {
  rows: string[]
  cells: Span
  /** Uses only time that nobody else wants. */
  isIdle: boolean
  /** Where in the film it begins: what comes first is made first, whoever's film it is. */
  atS: number
}

export type Policy = 'eager' | 'lazy' | 'auto'

/** So much of the low row and the sound is there at once, whatever the policy. */
const promisedS = 30
/** As cheap as one process for the whole film, and lost when it is killed only from the open cell on. */
const pictureRunS = 20
const soundRunS = 120

/** The whole film in the order in which it will be wanted. `promised`: so many runs until the film is ready. Pure, so that a run is a number. */
export function runsOf(plan: Plan, policy: Policy): { runs: FilmRun[]; promised: number } {
  const first = [...lowPictures(plan), ...plan.audio.slice(0, 1).map((row) => soundRun(row, 0, promisedS, false))]
  const rest = [...pictureRuns(plan), ...plan.audio.flatMap(soundRuns)].sort((a, b) => a.atS - b.atS)
  if (policy === 'lazy') return { runs: first, promised: first.length }
  const runs = [...first, ...rest]
  return { runs, promised: policy === 'eager' ? runs.length : first.length }
}

function lowPictures({ video }: Plan): FilmRun[] {
  const [low] = video?.rows ?? []
  if (!video || !low) return []
  const cells = Math.min(videoCells(video), cellsIn(promisedS, videoSeconds(video, video.framesPerCell)))
  return [{ rows: [low.name], cells: { start: 0, end: cells }, isIdle: false, atS: 0 }]
}

function pictureRuns({ video }: Plan): FilmRun[] {
  if (!video) return []
  const cellS = videoSeconds(video, video.framesPerCell)
  const rows = video.rows.map(({ name }) => name)
  return spans(videoCells(video), cellsIn(pictureRunS, cellS)).map((cells) => ({
    rows,
    cells,
    isIdle: true,
    atS: cells.start * cellS,
  }))
}

type Sound = Plan['audio'][number]
const soundCellS = audioSeconds(audioFramesPerCell)

function soundRuns(row: Sound): FilmRun[] {
  return spans(audioCells(row), cellsIn(soundRunS, soundCellS)).map((cells) => ({
    rows: [row.name],
    cells,
    isIdle: true,
    atS: cells.start * soundCellS,
  }))
}

function soundRun(row: Sound, start: number, lengthS: number, isIdle: boolean): FilmRun {
  const end = Math.min(audioCells(row), start + cellsIn(lengthS, soundCellS))
  return { rows: [row.name], cells: { start, end }, isIdle, atS: start * soundCellS }
}

const cellsIn = (lengthS: number, cellS: number) => Math.max(1, Math.ceil(lengthS / cellS))

function spans(count: number, length: number): Span[] {
  return Array.from({ length: Math.ceil(count / length) }, (_, i) => ({ start: i * length, end: Math.min(count, (i + 1) * length) }))
}

/** Cells of viewers who wait, cut at the end of the film. Undefined where the film has none of these. */
export function servedRun(plan: Plan, rows: readonly string[], cells: Span): FilmRun | undefined {
  const { video, audio } = plan
  const sound = audio.find(({ name }) => name === rows[0])
  const pictures = (video?.rows ?? []).filter(({ name }) => rows.includes(name)).map(({ name }) => name)
  const known = sound ? [sound.name] : pictures
  const end = Math.min(cells.end, sound ? audioCells(sound) : video ? videoCells(video) : 0)
  return known.length === 0 || cells.start >= end ? undefined : { rows: known, cells: { start: cells.start, end }, isIdle: false, atS: 0 }
}

/** How many cells the rows have. */
export function cellCounts(plan: Plan): Map<string, number> {
  const { video, audio } = plan
  return new Map([
    ...(video?.rows ?? []).map(({ name }): [string, number] => [name, video ? videoCells(video) : 0]),
    ...audio.map((row): [string, number] => [row.name, audioCells(row)]),
  ])
}

/** How many different cells the first so many runs make together. */
export function cellsWithin(runs: readonly FilmRun[], count: number): number {
  const seen = new Set<string>()
  for (const { rows, cells } of runs.slice(0, count))
    for (const row of rows) for (let cell = cells.start; cell < cells.end; cell++) seen.add(`${row}/${cell}`)
  return seen.size
}
