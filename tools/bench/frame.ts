import type { Spread } from './compare.ts'

/**
 * What `npm run bench NAME` runs: `tools/bench/NAME.ts` exports `bench`. Figures are ratios against a peer that was measured in the
 * same run, by CPU where the machine is shared, because seconds on a busy machine say nothing.
 */
export type Bench = { name: string; about: string; run(tools: BenchTools): Promise<Row[]> }

export type BenchTools = {
  /** `--short`: proves that the bench works, in seconds. Its figures are not to be quoted. */
  short: boolean
  /** `--stage NAME`, as often as wanted: these parts alone, where a bench has parts. Of all of them if none is named. */
  wants(stage: string): boolean
  /** An empty folder, gone after the run. */
  folder: string
  /** What happens just now, above the table. */
  say(line: string): void
  /** A figure, as soon as it is there: a run that is broken off has then said what it knew. */
  found(row: Row): Row
  /** A package that only benches need, from tools/bench/package.json. Its types are not at hand: `T` says what of it is used. */
  peer<T>(name: string): Promise<T>
  /** Closed after the run, whatever happens: last in, first out. */
  closing(resource: AsyncDisposable): void
}

export type Goal = { atLeast: number } | { atMost: number }

export type Row = { figure: string; value: number; unit?: string; goal: Goal; spread?: Pick<Spread, 'low' | 'high'>; note?: string }

export function row(figure: string, value: number | Spread, goal: Goal, extras: { unit?: string; note?: string } = {}): Row {
  if (typeof value === 'number') return { figure, value, goal, ...extras }
  return { figure, value: value.median, goal, spread: { low: value.low, high: value.high }, ...extras }
}

export function holds({ value, goal }: Row): boolean {
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost
}

export { alternate, bootstrapOf, type Comparison, median, quantile, type Spread, spreadOf } from './compare.ts'
export { type HttpLoad, httpLoad, type Latencies, openLoop } from './load.ts'
export { type Launch, type Launched, launch, runScript, stayOn } from './processes.ts'
