import { openChinese } from '#server/lib/chinese.ts'
import type { Bus, Subscription } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import { toFilm } from './film.ts'
import { FilmIndex } from './film-index.ts'
import type { SearchStore } from './store.ts'

const topic = 'search-changed'
const batch = 500
/** Rows are looked at anew so often, should a bell have been lost, and so far back, for clocks that differ. */
const catchUpMs = 10_000
const overlapMs = 60_000

export type LiveIndex = ReturnType<typeof createLiveIndex>

/**
 * The index of this process: made from the rows when somebody first seeks, in pieces, so that nobody waits for it who does not seek; then kept by bells
 * and by looking. The rows are the truth: whatever is lost is found again.
 */
export function createLiveIndex({ store, bus, clock }: { store: SearchStore; bus: Bus; clock: Clock }) {
  let building: Promise<FilmIndex> | undefined
  let subscription: Promise<Subscription> | undefined
  let dirty = new Set<string>()
  let lookedMs = 0
  let looking: Promise<void> | undefined
  let isClosed = false

  const listen = () =>
    (subscription ??= bus.subscribe(
      topic,
      (id) => {
        if (typeof id === 'string') dirty.add(id)
      },
      () => {
        lookedMs = Math.min(lookedMs, clock.now() - catchUpMs)
      },
    ))

  async function build(): Promise<FilmIndex> {
    await listen()
    lookedMs = clock.now()
    const chinese = await openChinese()
    const index = new FilmIndex(chinese)
    for (let after = ''; !isClosed; ) {
      const rows = await store.after(after, batch)
      for (let place = 0; place < rows.length; place += 50) {
        for (const row of rows.slice(place, place + 50)) index.put(toFilm(row, chinese))
        await new Promise((next) => setImmediate(next))
      }
      const last = rows.at(-1)
      if (!last || rows.length < batch) break
      after = last.id
    }
    return index
  }

  async function renew(index: FilmIndex, ids: readonly string[]): Promise<void> {
    const chinese = await openChinese()
    for (let place = 0; place < ids.length; place += batch) {
      const some = ids.slice(place, place + batch)
      const rows = new Map((await store.some(some)).map((row) => [row.id, row]))
      for (const id of some) {
        const row = rows.get(id)
        if (row) index.put(toFilm(row, chinese))
        else index.remove(id)
      }
    }
  }

  async function look(index: FilmIndex): Promise<void> {
    const sinceMs = lookedMs - overlapMs
    lookedMs = clock.now()
    for (let after: string | undefined = ''; after !== undefined; ) {
      const ids: string[] = await store.changedSince(sinceMs, after, batch)
      await renew(index, ids)
      after = ids.length < batch ? undefined : ids.at(-1)
    }
    for (let after: string | undefined = ''; after !== undefined; ) {
      const rows: { video_id: string; views: number }[] = await store.countedSince(sinceMs, after, batch)
      for (const { video_id, views } of rows) index.setViews(video_id, views)
      after = rows.length < batch ? undefined : rows.at(-1)?.video_id
    }
  }

  async function current(): Promise<FilmIndex> {
    building ??= build().catch((error: unknown) => {
      building = undefined
      throw error
    })
    const index = await building
    if (!index.isWorn) return index
    building = undefined
    return current()
  }

  return {
    /** As the rows are now, as far as this process has heard. */
    async open(): Promise<FilmIndex> {
      const index = await current()
      if (clock.now() - lookedMs >= catchUpMs) looking ??= look(index).finally(() => (looking = undefined))
      if (looking) await looking
      if (dirty.size > 0) {
        const ids = [...dirty]
        dirty = new Set()
        await renew(index, ids).catch((error: unknown) => {
          for (const id of ids) dirty.add(id)
          throw error
        })
      }
      return index
    },

    /** After the commit. Every process hears of it. */
    changed: (id: string): Promise<void> => bus.publish(topic, id),

    async close(): Promise<void> {
      isClosed = true
      await (await subscription)?.end()
    },
  }
}
