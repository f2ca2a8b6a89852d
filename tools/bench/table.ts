import { type Goal, holds, type Row } from './frame.ts'

/** For people. */
export function toTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.figure,
    `${shown(row.value)}${unitOf(row)}`,
    row.spread ? `${shown(row.spread.low)} … ${shown(row.spread.high)}` : '',
    `${goalOf(row.goal)}${unitOf(row)}`,
    holds(row) ? 'holds' : 'MISSED',
    row.note ?? '',
  ])
  const table = [['figure', 'value', 'spread', 'goal', '', ''], ...cells]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((line) => (line[column] ?? '').length)))
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One figure alone, while others are still measured. */
export function toWords(row: Row): string {
  const spread = row.spread ? ` (${shown(row.spread.low)} … ${shown(row.spread.high)})` : ''
  const note = row.note ? `; ${row.note}` : ''
  return `= ${row.figure}: ${shown(row.value)}${unitOf(row)}${spread}, ${goalOf(row.goal)} ${holds(row) ? 'holds' : 'MISSED'}${note}`
}

/** For machines: the last line of every bench. */
export function toLine(bench: string, rows: readonly Row[]): string {
  return JSON.stringify({
    bench,
    rows: rows.map((row) => ({
      figure: row.figure,
      value: rounded(row.value),
      ...(row.unit ? { unit: row.unit } : {}),
      ...(row.spread ? { low: rounded(row.spread.low), high: rounded(row.spread.high) } : {}),
      goal: goalOf(row.goal),
      holds: holds(row),
    })),
  })
}

function unitOf(row: Row): string {
  return row.unit ? ` ${row.unit}` : ''
}

function goalOf(goal: Goal): string {
  return 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

function shown(value: number): string {
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3)))
}
