import { type Row, soughtForRow } from '../row.ts'

export const newRow: Row = {
  for: 'all',
  async skeletons({ videos, audience, nowMs }) {
    const { items } = await videos.shelf.newest({ audience, nowMs, after: undefined, limit: soughtForRow })
    return [{ key: 'new', ids: items.map(({ id }) => id) }]
  },
}
