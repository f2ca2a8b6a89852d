import { foldText, toLine } from '#server/lib/plain-text.ts'
import type { Stranger } from '#server/lib/viewer.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { VideoCard } from '#shared/api/videos.ts'
import type { Accounts } from '../accounts/index.ts'
import type { Videos } from '../videos/index.ts'
import { addressesAt } from './addresses.ts'
import { type Feed, type FeedItem, toRss } from './rss.ts'
import { toSitemap, toSitemapIndex } from './sitemap.ts'

export type FeedsParts = {
  videos: Pick<Videos, 'shelf' | 'cards'>
  accounts: { profiles: Pick<Accounts['profiles'], 'find'> }
  site: () => { name: string }
  clock: Clock
}

const feedLength = 50
/** A sitemap may name fifty thousand. */
const mapLength = 50_000

/** Readers of feeds and search engines are strangers: what they are told may be told to everybody. */
const anybody: Stranger = { kind: 'stranger', language: 'en', address: '' }

/** New films, for programs that look now and then. */
export function createFeeds({ videos, accounts, site, clock }: FeedsParts) {
  const { shelf } = videos
  const shelfNow = () => ({ audience: 'public', nowMs: clock.now() }) as const
  const newest = () => ({ ...shelfNow(), after: undefined, limit: feedLength })

  async function itemsOf(ids: readonly string[], origin: string): Promise<FeedItem[]> {
    const [cards, rows] = await Promise.all([videos.cards(anybody, ids), shelf.rows(ids)])
    return cards.map((card) => toItem(card, rows.get(card.id)?.description ?? '', origin))
  }

  async function feed(about: Omit<Feed, 'items' | 'site'>, ids: readonly string[], origin: string): Promise<string> {
    return toRss({ ...about, site: site().name, items: await itemsOf(ids, origin) })
  }

  return {
    async house(origin: string): Promise<string> {
      const { items } = await shelf.newest(newest())
      const { name } = site()
      return feed({ title: name, link: `${origin}/`, self: `${origin}/feed.xml` }, idsOf(items), origin)
    },

    async channel(origin: string, username: string): Promise<string> {
      const person = await accounts.profiles.find(anybody, username)
      const at = addressesAt(origin)
      const ids = await shelf.ofOwner(person.id, { ...shelfNow(), limit: feedLength })
      const link = at.channel(person.name)
      return feed({ title: person.display_name || person.name, link, self: `${link}/feed.xml` }, ids, origin)
    },

    async tag(origin: string, tag: string): Promise<string> {
      const { items } = await shelf.tagged(foldText(toLine(tag)).slice(0, 100), newest())
      const link = addressesAt(origin).tag(toLine(tag))
      return feed({ title: `#${toLine(tag)} · ${site().name}`, link, self: `${link}/feed.xml` }, idsOf(items), origin)
    },

    /** A map for each month in which films came out: those of the past stay as they are. */
    async sitemaps(origin: string): Promise<string> {
      const firstMs = await shelf.firstPublished(shelfNow())
      const months = firstMs === undefined ? [] : monthsBetween(firstMs, clock.now())
      return toSitemapIndex(['pages', ...months].map((name) => `${origin}/sitemaps/${name}.xml`))
    },

    async sitemap(origin: string, name: string): Promise<string> {
      if (name === 'pages') return toSitemap([{ address: `${origin}/`, changedMs: undefined }])
      const fromMs = Date.parse(`${name}-01T00:00:00Z`)
      const rows = await shelf.publishedBetween(fromMs, nextMonth(fromMs), { ...shelfNow(), limit: mapLength })
      const at = addressesAt(origin)
      return toSitemap(rows.map(({ id, updatedMs }) => ({ address: at.film(id), changedMs: updatedMs })))
    },
  }
}

const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id)

function toItem({ id, title, owner, publishedAt, poster }: VideoCard, description: string, origin: string): FeedItem {
  const at = addressesAt(origin)
  return {
    title,
    description,
    link: at.film(id),
    author: owner.displayName || owner.username,
    publishedAt,
    picture: poster ? at.poster(id, poster.revision) : undefined,
  }
}

function nextMonth(ms: number): number {
  const date = new Date(ms)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
}

function monthsBetween(firstMs: number, lastMs: number): string[] {
  const months: string[] = []
  for (let ms = firstMs; ms <= lastMs; ms = nextMonth(ms)) months.push(new Date(ms).toISOString().slice(0, 7))
  return months
}
