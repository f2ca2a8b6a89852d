import type { Viewer } from '#server/lib/viewer.ts'
import type { PersonCard } from '#shared/api/accounts.ts'
import type { Notice, NoticeKind } from '#shared/api/notices.ts'
import type { Follows } from '../follows/index.ts'
import type { Videos } from '../videos/index.ts'
import type { NoticeRow, NoticeStore, PersonRow } from './store.ts'

export type PresentParts = {
  store: NoticeStore
  videos: Pick<Videos, 'cards'>
  follows: Pick<Follows, 'blockedBy'>
  toCard: (row: PersonRow) => PersonCard
}

const longestText = 200
const aboutComments: ReadonlySet<string> = new Set<NoticeKind>(['reply', 'mention', 'comment', 'held'])

/** Notices as they stand now: of what is gone, or may no longer be seen, there is none. `gone` are the ids of those. */
export async function presentNotices(
  { store, videos, follows, toCard }: PresentParts,
  viewer: Viewer,
  rows: readonly NoticeRow[],
): Promise<{ items: Notice[]; gone: string[] }> {
  const named = rows.map((row) => ({ row, byIds: JSON.parse(row.by_ids) as string[] }))
  const [people, cards, comments, blocked] = await Promise.all([
    store.people([...new Set(named.flatMap(({ byIds }) => byIds.slice(0, 1)))]),
    videos.cards(viewer, idsOf(rows, 'video_id'), 'video.see'),
    store.comments(idsOf(rows, 'comment_id')),
    follows.blockedBy(viewer),
  ])
  const titles = new Map(cards.map(({ id, title }) => [id, title]))
  const items: Notice[] = []
  const gone: string[] = []
  for (const { row, byIds } of named) {
    const [lastId] = byIds
    const title = row.video_id === null ? undefined : titles.get(row.video_id)
    const comment = row.comment_id === null ? undefined : comments.get(row.comment_id)
    const isSaid = comment !== undefined && (comment.is_held === 0 || row.kind === 'held')
    const isThere = (row.video_id === null || title !== undefined) && (!aboutComments.has(row.kind) || isSaid)
    if (!isThere || (lastId !== undefined && blocked.has(lastId))) {
      gone.push(row.id)
      continue
    }
    const by = lastId === undefined ? undefined : people.get(lastId)
    items.push({
      id: row.id,
      kind: row.kind as NoticeKind,
      by: by ? toCard(by) : null,
      people: byIds.length,
      count: row.count,
      video: row.video_id === null ? null : { id: row.video_id, title: title ?? '' },
      commentId: row.comment_id,
      text: (comment?.text ?? row.text).slice(0, longestText),
      createdAt: new Date(row.created_ms).toISOString(),
      isRead: row.is_read === 1,
    })
  }
  return { items, gone }
}

const idsOf = (rows: readonly NoticeRow[], column: 'video_id' | 'comment_id') => [...new Set(rows.flatMap((row) => row[column] ?? []))]
