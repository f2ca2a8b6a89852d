import { Problem } from '#server/lib/problem.ts'
import type { Blobs } from '#server/ports/blobs.ts'
import type { Clock } from '#server/ports/clock.ts'
import { openGrowing } from './growing-source.ts'
import type { GrowingStore } from './growing-store.ts'
import { SparseCopy } from './sparse-copy.ts'

/** The original as a file of this machine: FFmpeg never gets a network. */
export type OpenedSource = AsyncDisposable & {
  path: string
  /** False: it is still on its way; what has not come is refused with `NotArrived`. */
  isWhole: boolean
  /** Resolves when what is read to show the film from one moment to another, seconds, lies in the file. */
  reach(fromS: number, toS: number): Promise<void>
  /** Resolves when all of it does. */
  whole(): Promise<void>
}
export type Sources = ReturnType<typeof createSources>

/** The next run of a film begins where this one ends: what is here of it stays for a while. */
const keptMs = 120_000
const mostKept = 4

type Copy = { copy: Promise<SparseCopy>; users: number; forget?: { cancel(): void } }

type Parts = { blobs: Blobs; clock: Clock; growing: Pick<GrowingStore, 'findByBlob'> }

export function createSources({ blobs, clock, growing }: Parts) {
  const copies = new Map<string, Copy>()

  async function drop(name: string, entry: Copy): Promise<void> {
    entry.forget?.cancel()
    if (copies.get(name) === entry) copies.delete(name)
    await (await entry.copy.catch(() => undefined))?.[Symbol.asyncDispose]()
  }

  async function leave(name: string, entry: Copy): Promise<void> {
    entry.users--
    if (entry.users > 0) return
    entry.forget = clock.after(keptMs, () => void drop(name, entry))
    const idle = [...copies].filter(([, { users }]) => users === 0)
    for (const [oldest, one] of idle.slice(0, Math.max(0, idle.length - mostKept))) await drop(oldest, one)
  }

  function enter(name: string, size: number, signal: AbortSignal): Copy {
    const known = copies.get(name)
    if (known) {
      known.users++
      known.forget?.cancel()
      return known
    }
    const entry: Copy = { copy: SparseCopy.open({ blobs, name, size }, signal), users: 1 }
    copies.set(name, entry)
    return entry
  }

  return {
    async open(name: string, signal: AbortSignal): Promise<OpenedSource> {
      const found = await blobs.find(name)
      const onItsWay = found ? undefined : await openGrowing(growing.findByBlob, name)
      if (onItsWay) return onItsWay
      if (!found) throw new Problem('not_found', 'blobs.not_found')
      const here = async () => {}
      if (blobs.local) return { path: blobs.local.pathOf(name), isWhole: true, reach: here, whole: here, [Symbol.asyncDispose]: here }
      const entry = enter(name, found.size, signal)
      try {
        const copy = await entry.copy
        return {
          path: copy.path,
          isWhole: true,
          reach: (fromS, toS) => copy.reach(fromS, toS, signal),
          whole: () => copy.whole(signal),
          [Symbol.asyncDispose]: () => leave(name, entry),
        }
      } catch (error) {
        // Whoever comes next begins anew.
        await drop(name, entry)
        throw error
      }
    },

    [Symbol.asyncDispose]: async () => {
      for (const [name, entry] of copies) await drop(name, entry)
    },
  }
}
