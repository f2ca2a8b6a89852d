/** The things used last, each made once however many ask for it at the same time. */
export function createShelf<T>(most: number, weigh: (thing: T) => number = () => 1) {
  const known = new Map<string, { made: Promise<T>; weight: number }>()
  let weight = 0

  const drop = (key: string) => {
    weight -= known.get(key)?.weight ?? 0
    known.delete(key)
  }
  const trim = () => {
    for (const key of known.keys()) {
      if (weight <= most) return
      drop(key)
    }
  }

  return {
    get(key: string, make: () => Promise<T>): Promise<T> {
      const there = known.get(key)
      if (there) {
        known.delete(key)
        known.set(key, there)
        return there.made
      }
      const made = make()
      const entry = { made, weight: 0 }
      known.set(key, entry)
      made.then(
        (thing) => {
          if (known.get(key) !== entry) return
          entry.weight = weigh(thing)
          weight += entry.weight
          trim()
        },
        () => {
          if (known.get(key) === entry) known.delete(key)
        },
      )
      return made
    },
    drop,
    figures: () => ({ things: known.size, weight }),
  }
}

export type Shelf<T> = ReturnType<typeof createShelf<T>>
