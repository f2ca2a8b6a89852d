import type { Danmaku } from '#shared/api/danmaku.ts'

/** So many a second of film at most. */
const perSecond = { sparse: 4, normal: 12 } as const
export type Thinning = keyof typeof perSecond

/** The most telling of each second, in their order. The same ones for everybody and each time. */
export function thin(items: readonly Danmaku[], to: Thinning): Danmaku[] {
  const seconds = new Map<number, Danmaku[]>()
  for (const item of items) {
    const second = Math.floor(item.atMs / 1000)
    const there = seconds.get(second)
    if (there) there.push(item)
    else seconds.set(second, [item])
  }
  const kept = new Set([...seconds.values()].flatMap((all) => mostTelling(all, perSecond[to])))
  return items.filter((item) => kept.has(item))
}

function mostTelling(all: readonly Danmaku[], limit: number): readonly Danmaku[] {
  if (all.length <= limit) return all
  return all.toSorted((a, b) => weightOf(b) - weightOf(a) || (a.id < b.id ? 1 : -1)).slice(0, limit)
}

/** What was liked or said by many says more; a sentence more than an outcry. */
function weightOf({ likes, count, text }: Danmaku): number {
  const letters = new Set(text).size
  return 3 * Math.log2(1 + likes) + 2 * Math.log2(count) + Math.min(letters, 12) / 6
}
