import { type Bench, quantile, row } from './frame.ts'
import { benchId, openBenchHouse } from './house.ts'

type Page = { items: { id: string }[]; nextCursor: string | null; total: number }

export const bench: Bench = {
  name: 'comments',
  about: 'every page of a film with 100,000 comments, by the API of a whole Matinee, in both orders and to the last one',
  async run({ short, say, folder, closing }) {
    const count = short ? 3000 : 100_000
    const house = await openBenchHouse(folder, closing)
    const { id: vid } = await house.call<{ id: string }>('POST', '/api/user/bench/videos', { title: 'Much talked about' })
    const own = { video_id: vid, author_id: house.accountId, is_reply: 0, replies: 0, is_held: 0, text: 'As good as the last one.' }
    house.fill('comment', all(count, own))
    house.fill('comment_place', [{ video_id: vid, total: count, pinned_id: null }])
    house.closeRows()
    const walks: { sort: string; times: number[] }[] = []
    for (const sort of ['new', 'top']) {
      // Once unmeasured: whatever starts for the first time does so here.
      await walk(house, { vid, sort, most: 20 })
      const { times, ids } = await walk(house, { vid, sort, most: Number.POSITIVE_INFINITY })
      if (ids !== count) throw new Error(`${ids} different comments by ${sort}, not ${count}`)
      say(
        `${sort}: ${times.length} pages, median ${quantile(times, 0.5).toFixed(2)} ms, the last ten ${quantile(times.slice(-10), 0.5).toFixed(2)} ms`,
      )
      walks.push({ sort, times })
    }
    return walks.map(({ sort, times }) =>
      row(
        `a page of ${count} comments, by ${sort}, p99`,
        quantile(times, 0.99),
        { atMost: 10 },
        { unit: 'ms', note: `${times.length} pages of 100` },
      ),
    )
  },
}

function* all(count: number, own: Record<string, string | number>) {
  for (let n = 0; n < count; n++) {
    const id = benchId('c', n)
    yield { ...own, id, root_id: id, likes: (n * 7919) % 1000, created_ms: 1_700_000_000_000 + n }
  }
}

async function walk(house: Awaited<ReturnType<typeof openBenchHouse>>, { vid, sort, most }: { vid: string; sort: string; most: number }) {
  const times: number[] = []
  const ids = new Set<string>()
  for (let cursor = ''; times.length < most; ) {
    const beganMs = performance.now()
    const page = await house.call<Page>('GET', `/api/videos/${vid}/comments?sort=${sort}&limit=100${cursor && `&cursor=${cursor}`}`)
    times.push(performance.now() - beganMs)
    for (const { id } of page.items) ids.add(id)
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  return { times, ids: ids.size }
}
