import { type Row, soughtForRow } from '../row.ts'

/** What those who look after the house put first. */
export const featuredRow: Row = {
  for: 'all',
  async skeletons({ videos }) {
    return [{ key: 'featured', ids: await videos.shelf.featured(2 * soughtForRow) }]
  },
}
