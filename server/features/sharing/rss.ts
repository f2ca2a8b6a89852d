import { toXmlText } from '#server/lib/xml.ts'

export type FeedItem = {
  title: string
  description: string
  link: string
  author: string
  /** ISO 8601. */
  publishedAt: string | null
  picture: string | undefined
}

export type Feed = { title: string; link: string; self: string; site: string; items: readonly FeedItem[] }

/** RSS 2.0 with what its readers understand besides: who made it, and a picture. */
export function toRss({ title, link, self, site, items }: Feed): string {
  const newest = items[0]?.publishedAt
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">',
    '<channel>',
    element('title', title),
    element('link', link),
    element('description', title === site ? title : `${title} · ${site}`),
    element('generator', 'Matinee'),
    `<atom:link href="${toXmlText(self)}" rel="self" type="application/rss+xml"/>`,
    ...(newest ? [element('lastBuildDate', toRssDate(newest))] : []),
    ...items.map(toItem),
    '</channel>',
    '</rss>',
    '',
  ].join('\n')
}

function toItem({ title, description, link, author, publishedAt, picture }: FeedItem): string {
  return [
    '<item>',
    element('title', title),
    element('link', link),
    `<guid isPermaLink="true">${toXmlText(link)}</guid>`,
    element('dc:creator', author),
    ...(publishedAt ? [element('pubDate', toRssDate(publishedAt))] : []),
    // Readers take a description for HTML, so that what is text is said twice over.
    ...(description ? [element('description', toXmlText(description).replaceAll('\n', '<br/>'))] : []),
    ...(picture ? [`<media:thumbnail url="${toXmlText(picture)}"/>`] : []),
    '</item>',
  ].join('\n')
}

const element = (name: string, text: string) => `<${name}>${toXmlText(text)}</${name}>`

const toRssDate = (moment: string) => new Date(moment).toUTCString()
