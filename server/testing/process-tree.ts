import { readdirSync, readFileSync } from 'node:fs'

type Entry = { pid: number; parent: number; ownMs: number; reapedMs: number }

/** Clock ticks of Linux. */
const tickMs = 10

function entryOf(pid: number): Entry | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return undefined
    const ms = (place: number) => Number(fields[place]) * tickMs
    return { pid, parent: Number(fields[1]), ownMs: ms(11) + ms(12), reapedMs: ms(13) + ms(14) }
  } catch {
    return undefined
  }
}

/** What a process has started, and what those have, as far as it lives now. */
function descendantsOf(pid: number): Entry[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => entryOf(Number(name)) ?? [])
  const found: Entry[] = []
  for (let parents = [pid]; parents.length > 0; ) {
    const children = all.filter(({ parent }) => parents.includes(parent))
    found.push(...children)
    parents = children.map((child) => child.pid)
  }
  return found
}

/** The processes below one: those that must be gone when it is. */
export const startedBy = (pid: number): number[] => descendantsOf(pid).map((child) => child.pid)

/** CPU of everything that a process has started, those that have ended included, ms; without its own. */
export function cpuBelowMs(pid: number): number {
  return descendantsOf(pid).reduce((sum, { ownMs, reapedMs }) => sum + ownMs + reapedMs, entryOf(pid)?.reapedMs ?? 0)
}

export const isThere = (pid: number): boolean => entryOf(pid) !== undefined
