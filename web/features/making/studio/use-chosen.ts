import { useRef, useState } from 'react'

export type Chosen = {
  ids: ReadonlySet<string>
  /** With the shift key, everything between this one and the one before as well. */
  choose(id: string, isChosen: boolean, isRange: boolean): void
  chooseAll(isChosen: boolean): void
}

/** Which rows of a list are chosen; a row that is no longer in it is not. */
export function useChosen(all: readonly string[]): Chosen {
  const [given, setGiven] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string>(undefined)
  const ids = new Set(all.filter((id) => given.has(id)))
  return {
    ids,
    choose(id, isChosen, isRange) {
      const range = isRange ? between(all, last.current, id) : [id]
      last.current = id
      const next = new Set(ids)
      for (const one of range) {
        if (isChosen) next.add(one)
        else next.delete(one)
      }
      setGiven(next)
    },
    chooseAll: (isChosen) => setGiven(new Set(isChosen ? all : [])),
  }
}

export function between(all: readonly string[], from: string | undefined, to: string): string[] {
  const [a, b] = [all.indexOf(from ?? to), all.indexOf(to)]
  return a < 0 ? [to] : all.slice(Math.min(a, b), Math.max(a, b) + 1)
}
