/** Of several tabs with the same notes, one sends a film; the next takes over when it is closed. Where browsers have no locks, each may. */
export function holdFilm(id: string, locks: LockManager | undefined = globalThis.navigator?.locks) {
  const released = Promise.withResolvers<void>()
  const name = `matinee-film-${id}`
  return {
    release: () => released.resolve(),
    /** Whether it is ours at once. */
    async tryNow(): Promise<boolean> {
      if (!locks) return true
      const got = Promise.withResolvers<boolean>()
      locks
        .request(name, { ifAvailable: true }, (lock) => {
          got.resolve(lock !== null)
          return lock ? released.promise : undefined
        })
        .catch(() => got.resolve(true))
      return await got.promise
    },
    /** Resolves when it has become ours. */
    async wait(): Promise<void> {
      if (!locks) return
      const got = Promise.withResolvers<void>()
      locks
        .request(name, () => {
          got.resolve()
          return released.promise
        })
        .catch(() => got.resolve())
      await got.promise
    },
  }
}

export type Hold = ReturnType<typeof holdFilm>
