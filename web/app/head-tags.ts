import type { PageRequest } from '#shared/page.ts'
import type { FilmHead, Head } from '#web/lib/head.ts'

type Parts = { request: PageRequest; head: Head; siteName: string }

/** What a page says of itself: to the tab, to search engines, and to whoever makes a card of its link. */
export function toHeadTags({ request, head, siteName }: Parts): string[] {
  const { origin, pathname } = new URL(request.url, request.origin)
  return [
    `<title>${escaped(head.title)}</title>`,
    ...(head.description ? [meta('description', head.description), property('og:description', head.description)] : []),
    ...(head.isHidden ? [meta('robots', 'noindex')] : [`<link rel="canonical" href="${escaped(origin + pathname)}">`]),
    property('og:title', head.title),
    property('og:site_name', siteName),
    property('og:url', origin + pathname),
    property('og:image', new URL(head.image ?? '/icons/512.png', origin).href),
    property('og:locale', request.language.replace('-', '_')),
    ...(head.film ? filmTags(head.film, origin + pathname, origin) : [property('og:type', 'website'), meta('twitter:card', 'summary')]),
    ...(head.feed ? [alternate('application/rss+xml', origin + head.feed, head.title)] : []),
    meta('color-scheme', request.theme === 'auto' ? 'dark light' : request.theme),
    ...toThemeColours(request.theme).map(({ colour, media }) => `<meta name="theme-color" content="${colour}"${media}>`),
    '<link rel="icon" href="/icons/icon.svg" type="image/svg+xml">',
    '<link rel="apple-touch-icon" href="/icons/180.png">',
    '<link rel="manifest" href="/manifest.webmanifest">',
  ]
}

/** What the player asks for first; and a card, which plays the film where its site may show it in a frame, and shows its picture elsewhere. */
function filmTags(film: FilmHead, page: string, origin: string): string[] {
  const { id, width, height, isFramable } = film
  const playlist = film.playlist ? [`<link rel="preload" as="fetch" crossorigin href="${escaped(film.playlist)}">`] : []
  const always = [...playlist, property('og:type', 'video.other'), property('og:image:width', '1280')]
  if (!isFramable) return [...always, meta('twitter:card', 'summary_large_image')]
  const frame = `${origin}/embed/${encodeURIComponent(id)}`
  const size = { width: String(width ?? 1280), height: String(height ?? 720) }
  return [
    ...always,
    property('og:video', frame),
    ...(frame.startsWith('https:') ? [property('og:video:secure_url', frame)] : []),
    property('og:video:type', 'text/html'),
    property('og:video:width', size.width),
    property('og:video:height', size.height),
    meta('twitter:card', 'player'),
    meta('twitter:player', frame),
    meta('twitter:player:width', size.width),
    meta('twitter:player:height', size.height),
    alternate('application/json+oembed', `${origin}/api/oembed?${new URLSearchParams({ url: page })}`, 'oEmbed'),
  ]
}

const roomColours = { dark: '#0f0d0b', light: '#f8f3ea' }

function toThemeColours(theme: PageRequest['theme']): { colour: string; media: string }[] {
  if (theme !== 'auto') return [{ colour: roomColours[theme], media: '' }]
  return (['dark', 'light'] as const).map((scheme) => ({
    colour: roomColours[scheme],
    media: ` media="(prefers-color-scheme: ${scheme})"`,
  }))
}

const meta = (name: string, content: string) => `<meta name="${name}" content="${escaped(content)}">`
const property = (name: string, content: string) => `<meta property="${name}" content="${escaped(content)}">`
const alternate = (type: string, href: string, title: string) =>
  `<link rel="alternate" type="${type}" href="${escaped(href)}" title="${escaped(title)}">`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}
