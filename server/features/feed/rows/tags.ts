import { type Row, soughtForRow } from '../row.ts'

const tagRows = 3
const leastFilms = 3

/** A row for each of the tags that the hottest and newest films share most. */
export const tagsRow: Row = {
  for: 'all',
  async skeletons({ videos: { shelf }, audience, nowMs }) {
    const walk = { audience, nowMs, after: undefined, limit: 100 }
    const [hot, fresh] = await Promise.all([shelf.hottest(walk), shelf.newest(walk)])
    const ids = new Set([...hot.items, ...fresh.items].map(({ id }) => id))
    const tags = await shelf.commonTags([...ids], leastFilms, tagRows)
    return Promise.all(
      tags.map(async ({ key, label }) => {
        const { items } = await shelf.tagged(key, { audience, nowMs, after: undefined, limit: soughtForRow })
        return { key: `tag:${key}`, title: label, ids: items.map(({ id }) => id) }
      }),
    )
  },
}
