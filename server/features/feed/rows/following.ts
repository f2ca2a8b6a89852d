import { type Row, soughtForRow } from '../row.ts'

const monthMs = 30 * 86_400_000

/** What the people whom one follows have shown in the last month. */
export const followingRow: Row = {
  for: 'person',
  async skeletons({ videos, accountId, audience, nowMs }) {
    const ids = await videos.shelf.followed(accountId, nowMs - monthMs, { audience, nowMs, limit: soughtForRow })
    return [{ key: 'following', ids }]
  },
}
