const rows = new Map<string, number>()

/** Where a row stood, as long as the tab lives. */
export function keptRow(name: string): number {
  return rows.get(name) ?? 0
}

export function keepRow(name: string, at: number): void {
  rows.set(name, at)
}
