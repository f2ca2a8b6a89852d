import { sentenceOf } from '#server/compose/backup/refused.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Terminal } from './verb.ts'

type Act = { path: string; terminal: Terminal; shown: { clear(): void }; stopped: string }

/** What a person can act on becomes a sentence; the rest is a bug and goes on. */
export async function actOnFile({ path, terminal, shown, stopped }: Act, act: () => Promise<number>): Promise<number> {
  try {
    return await act()
  } catch (error) {
    shown.clear()
    const sentence = terminal.signal.aborted ? stopped : (sentenceOf(error, path) ?? (await textOf(error)))
    if (sentence === undefined) throw error
    terminal.err(`${sentence}\n`)
    return 1
  }
}

export function countsOf({ tables, blobs }: { tables: Record<string, { rows: number }>; blobs: number }): string {
  const each = Object.values(tables)
  const rows = each.reduce((sum, table) => sum + table.rows, 0)
  return `${counted(rows, 'row')} of ${counted(each.length, 'table')} and the names of ${counted(blobs, 'file')}`
}

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

async function textOf(error: unknown): Promise<string | undefined> {
  if (!(error instanceof Problem)) return undefined
  const { inWords } = await import('./problem-words.ts')
  return inWords(error)
}
