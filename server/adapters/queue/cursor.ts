import { Problem } from '#server/lib/problem.ts'

/** Where a page of tasks ended. */
export function toCursor(rank: number, id: string): string {
  return `${rank}.${id}`
}

export function parseCursor(text: string | undefined): { rank: number; id: string } | undefined {
  if (text === undefined) return undefined
  const [, rank, id] = /^(-?\d{1,16})[.]([\w-]{1,64})$/.exec(text) ?? []
  if (rank === undefined || id === undefined) throw new Problem('invalid', 'tasks.cursor')
  return { rank: Number(rank), id }
}
