import { type Row, soughtForRow } from '../row.ts'

/** What those who look after the house put first. */
export const featuredRow: Row = {
  for: 'all',
  async skeletons({ videos, audience, nowMs }) {
    return [{ key: 'featured', ids: await videos.shelf.featured({ audience, nowMs, limit: soughtForRow }) }]
  },
}
