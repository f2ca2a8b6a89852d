/** What the service worker may answer itself. Kept apart from it, so that it can be tested without one. */

export function isPage({ mode, method }: Pick<Request, 'mode' | 'method'>): boolean {
  return mode === 'navigate' && method === 'GET'
}

export function isAsset({ url, method }: Pick<Request, 'url' | 'method'>, origin: string): boolean {
  const { origin: from, pathname } = new URL(url)
  return method === 'GET' && from === origin && /^\/(assets|icons)\/[\w.-]+$/.test(pathname)
}

/** Pictures of films that everybody may see, which stand in the home page that is kept. */
export function isPoster({ url, method }: Pick<Request, 'url' | 'method'>, origin: string): boolean {
  const { origin: from, pathname } = new URL(url)
  return method === 'GET' && from === origin && /^\/stream\/[0-9a-z]{20}\/poster\.(avif|webp|jpg)$/.test(pathname)
}

const mostPosters = 24

/** Each film's picture once, in the size of cards where there is one. */
export function posters(html: string): string[] {
  const found = new Map<string, string>()
  for (const [, address = ''] of html.matchAll(/["', ](\/stream\/[0-9a-z]{20}\/poster\.avif\?[\w=&;]+)/g)) {
    const plain = address.replaceAll('&amp;', '&')
    const film = plain.split('/')[2] ?? ''
    if (!found.has(film) || plain.includes('w=320')) found.set(film, plain)
  }
  return [...found.values()].slice(0, mostPosters)
}

/** A page made for a stranger, in the theme of this device. */
export function withTheme(html: string, theme: string): string {
  return html.replace(/(<html [^>]*data-theme=")\w*"/, `$1${theme}"`)
}

/** The files that a page names, so that the offline page stands whole. */
export function shellFiles(html: string): string[] {
  return [...new Set([...html.matchAll(/(?:href|src)="(\/(?:assets|icons)\/[\w.-]+)"/g)].map(([, file = '']) => file))]
}
