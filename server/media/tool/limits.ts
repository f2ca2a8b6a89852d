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

/** A run that makes cells: time by the length of film it makes, memory by its picture. */
export function runLimits(run: { filmS: number; width: number; height: number; rows: number }): ToolLimits {
  const pixels = run.width * run.height
  return {
    wallMs: 60_000 + run.filmS * 60_000,
    stallMs: 60_000,
    cpuS: Math.ceil(120 + run.filmS * 60 * Math.max(1, pixels / (1920 * 1080))),
    memoryBytes: 3 * GiB + pixels * 400,
    fileBytes: Math.ceil(256 * MiB + run.filmS * 8 * MiB),
  }
}
