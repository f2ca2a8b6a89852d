import { type Row, soughtForRow } from '../row.ts'

/** Begun and not finished; also what is in no list, for whoever has been there. */
export const continueRow: Row = {
  for: 'person',
  async skeletons({ videos, accountId }) {
    return [{ key: 'continue', ids: await videos.shelf.begun(accountId, soughtForRow) }]
  },
  hydrate: (videos, viewer, ids) => videos.cards(viewer, ids, 'video.see'),
}
