import { type Row, soughtForRow } from '../row.ts'

/** What people did most with, lately. Films that nobody did anything with are in no such row. */
export const hotRow: Row = {
  for: 'all',
  async skeletons({ videos, audience, nowMs }) {
    const { items } = await videos.shelf.hottest({ audience, nowMs, after: undefined, limit: soughtForRow })
    return [{ key: 'hot', ids: items.filter(({ figure }) => figure > 0).map(({ id }) => id) }]
  },
}
