/** A piece of a text, in UTF-16 units, half open. */
type Span = { start: number; end: number }
export type Name = Span & { name: string }
export type Mention = Span & { accountId: string }

const names = /(?<![\p{L}\p{M}\p{N}_.@-])@([\p{L}\p{M}0-9]+(?:[._-][\p{L}\p{M}0-9]+)*)/gu
const mostNames = 10
const longest = 32
const shortest = 2

/**
 * Every name that may stand behind each @, the longest first: where words have no spaces between them, only the accounts tell where a name ends.
 */
export function namesIn(text: string): Name[][] {
  return [...text.matchAll(names)].slice(0, mostNames).map(({ index, 1: run = '' }) => {
    const letters = [...run].slice(0, longest)
    // With spaces around it, a name is the whole run.
    const least = /^[\p{Script=Latin}0-9._-]+$/u.test(run) ? letters.length : shortest
    const found: Name[] = []
    for (let length = letters.length; length >= Math.min(least, letters.length); length--) {
      const name = letters.slice(0, length).join('')
      found.push({ name, start: index, end: index + 1 + name.length })
    }
    return found
  })
}

/** The longest name at each place that is somebody's. */
export function mentionsIn(found: readonly Name[][], accountOf: (name: string) => string | undefined): Mention[] {
  return found.flatMap((candidates) => {
    for (const { name, start, end } of candidates) {
      const accountId = accountOf(name)
      if (accountId !== undefined) return [{ start, end, accountId }]
    }
    return []
  })
}

const clock = /(?<![\d:.])(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?![\d:]|\.\d)/g
const mostTimes = 50

/** Moments of the film that a text names, `1:02:03` or `2:03`; none beyond its end. */
export function timesIn(text: string, durationMs: number | null): (Span & { atMs: number })[] {
  return [...text.matchAll(clock)].slice(0, mostTimes).flatMap(({ index, 0: whole, 1: hours = '0', 2: minutes, 3: seconds }) => {
    const atMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
    return durationMs !== null && atMs > durationMs ? [] : [{ start: index, end: index + whole.length, atMs }]
  })
}
