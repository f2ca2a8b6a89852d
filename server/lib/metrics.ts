/** One number that only grows, held by whoever counts: adding to it is adding to a field. */
export type Series = { value: number }

export type Counter = {
  /** The series of these label values, made at the first asking. Ask once, keep it, add to it. */
  of(...labels: string[]): Series
}

export type Distribution = { observe(value: number): void }
export type Histogram = { of(...labels: string[]): Distribution }

export type Reading = { value: number; labels?: readonly string[] }

/**
 * What a process counts of itself, in the words of Prometheus. Labels are bounded: beyond `maxSeries` of one name everything new is counted as
 * `other`, so that no caller can fill the memory by inventing labels.
 */
export type Metrics = {
  counter(name: string, help: string, labels?: readonly string[]): Counter
  histogram(name: string, help: string, options: { labels?: readonly string[]; bounds: readonly number[] }): Histogram
  /** Read when somebody asks. `kind: 'counter'` for what only grows. */
  read(
    name: string,
    help: string,
    options: { labels?: readonly string[]; kind?: 'gauge' | 'counter' },
    look: () => number | readonly Reading[],
  ): void
  /** Asked before everything is read by `look`, for what must be waited for. What fails, or takes longer than `patienceMs`, delays nobody. */
  ahead(ask: () => Promise<void>): void
  /** Everything in the text format 0.0.4, as it is known now. */
  text(): string
  /** The same, after what must be waited for. */
  freshText(): Promise<string>
}

const patienceMs = 2000

type Family = { name: string; help: string; kind: 'counter' | 'gauge' | 'histogram'; lines(): Iterable<string> }

export function createMetrics(options: { maxSeries?: number } = {}): Metrics {
  const { maxSeries = 2000 } = options
  const families = new Map<string, Family>()
  const asked: (() => Promise<void>)[] = []
  const add = (family: Family) => {
    if (!/^[a-z][a-z0-9_]*$/.test(family.name)) throw new RangeError(`Not a name for a metric: ${family.name}`)
    if (families.has(family.name)) throw new RangeError(`There is a metric ${family.name} already`)
    families.set(family.name, family)
  }

  return {
    counter(name, help, labels = []) {
      const series = createTable<Series>(labels, maxSeries, () => ({ value: 0 }))
      add({
        name,
        help,
        kind: 'counter',
        *lines() {
          for (const [shown, { value }] of series.entries()) yield `${name}${shown} ${value}`
        },
      })
      return { of: series.of }
    },
    histogram(name, help, { labels = [], bounds }) {
      const table = createTable(labels, maxSeries, () => new Buckets(bounds))
      add({
        name,
        help,
        kind: 'histogram',
        *lines() {
          for (const [shown, buckets] of table.entries()) yield* buckets.lines(name, shown)
        },
      })
      return { of: table.of }
    },
    read(name, help, { labels = [], kind = 'gauge' }, look) {
      add({
        name,
        help,
        kind,
        *lines() {
          const found = look()
          const readings = typeof found === 'number' ? [{ value: found }] : found
          for (const { value, labels: values = [] } of readings.slice(0, maxSeries)) yield `${name}${showLabels(labels, values)} ${value}`
        },
      })
    },
    ahead: (ask) => void asked.push(ask),
    text,
    async freshText() {
      await Promise.race([Promise.allSettled(asked.map((ask) => ask())), new Promise((over) => setTimeout(over, patienceMs).unref())])
      return text()
    },
  }

  function text(): string {
    const lines: string[] = []
    for (const family of families.values()) {
      lines.push(
        `# HELP ${family.name} ${family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
        `# TYPE ${family.name} ${family.kind}`,
      )
      lines.push(...family.lines())
    }
    return `${lines.join('\n')}\n`
  }
}

class Buckets implements Distribution {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  observe(value: number): void {
    const bounds = this.#bounds
    let place = 0
    while (place < bounds.length && value > (bounds[place] ?? 0)) place++
    this.#counts[place] = (this.#counts[place] ?? 0) + 1
    this.#sum += value
  }

  *lines(name: string, shown: string): Iterable<string> {
    let below = 0
    for (const [place, count] of this.#counts.entries()) {
      below += count
      const bound = this.#bounds[place] ?? '+Inf'
      yield `${name}_bucket${shown === '' ? '{' : `${shown.slice(0, -1)},`}le="${bound}"} ${below}`
    }
    yield `${name}_sum${shown} ${this.#sum}`
    yield `${name}_count${shown} ${below}`
  }
}

function createTable<T>(
  names: readonly string[],
  maxSeries: number,
  make: () => T,
): { of(...labels: string[]): T; entries(): Iterable<[string, T]> } {
  const table = new Map<string, T>()
  const find = (shown: string) => {
    let found = table.get(shown)
    if (!found) {
      found = make()
      table.set(shown, found)
    }
    return found
  }
  return {
    of(...values) {
      const shown = showLabels(names, values)
      if (table.has(shown) || table.size < maxSeries) return find(shown)
      return find(
        showLabels(
          names,
          names.map(() => 'other'),
        ),
      )
    },
    entries: () => table.entries(),
  }
}

function showLabels(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return ''
  return `{${names.map((name, place) => `${name}="${escapeLabel(values[place] ?? '')}"`).join(',')}}`
}

const escapeLabel = (value: string) => value.slice(0, 120).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
