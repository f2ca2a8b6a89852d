/** What the service worker may answer itself. Kept apart from it, so that it can be tested without one. */

export function isPage({ mode, method }: Pick<Request, 'mode' | 'method'>): boolean {
  return mode === 'navigate' && method === 'GET'
}

export function isAsset({ url, method }: Pick<Request, 'url' | 'method'>, origin: string): boolean {
  const { origin: from, pathname } = new URL(url)
  return method === 'GET' && from === origin && /^\/(assets|icons)\/[\w.-]+$/.test(pathname)
}

/** The files that a page names, so that the offline page stands whole. */
export function shellFiles(html: string): string[] {
  return [...new Set([...html.matchAll(/(?:href|src)="(\/(?:assets|icons)\/[\w.-]+)"/g)].map(([, file = '']) => file))]
}
