/** What one run of a tool may use. Whatever goes beyond ends it. */
export type ToolLimits = {
  /** From start to end, by the clock. */
  wallMs: number
  /** Without a sign of progress. CPU and memory limits alone do not end a decoder that sleeps. */
  stallMs: number
  cpuS: number
  memoryBytes: number
  /** The largest file it may write. */
  fileBytes: number
}

const MiB = 2 ** 20
const GiB = 2 ** 30

export const probeLimits: ToolLimits = { wallMs: 60_000, stallMs: 60_000, cpuS: 40, memoryBytes: 2 * GiB, fileBytes: 64 * MiB }

/** A few black frames through every encoder of a film at once. */
export function initLimits(rows: readonly { width: number; height: number }[]): ToolLimits {
  const pixels = rows.reduce((sum, { width, height }) => sum + width * height, 0)
  return { ...probeLimits, cpuS: 120, memoryBytes: 2 * GiB + pixels * 500 }
}

/** Copying streams: bounded by what comes in. */
export function repackageLimits(sizeBytes: number): ToolLimits {
  const wallMs = Math.min(120_000 + Math.ceil(sizeBytes / MiB) * 500, 2 ** 31 - 1)
  return { wallMs, stallMs: 60_000, cpuS: Math.ceil(wallMs / 1000), memoryBytes: 2 * GiB, fileBytes: sizeBytes * 2 + GiB }
}

/** A run that makes cells: time by the length of film it makes, memory by its picture. */
export function runLimits(run: { filmS: number; width: number; height: number; rows: number }): ToolLimits {
  const pixels = run.width * run.height
  return {
    // What a timer can count.
    wallMs: Math.min(60_000 + run.filmS * 60_000, 2 ** 31 - 1),
    stallMs: 60_000,
    cpuS: Math.ceil(120 + run.filmS * 60 * Math.max(1, pixels / (1920 * 1080))),
    memoryBytes: 3 * GiB + pixels * 400,
    fileBytes: Math.ceil(256 * MiB + run.filmS * 8 * MiB),
  }
}
