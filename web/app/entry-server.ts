import type { BuildManifest, PageRenderer } from '#shared/page.ts'
import { pages } from './pages.ts'

/** The addresses of pages are known at the start. What renders them is loaded with the first one that somebody looks at: it is as much as a third of the server. */
export function openRenderer(manifest: BuildManifest): PageRenderer {
  // Asked for once: a page that is remembered costs less than looking a module up.
  const load = once(() => import('./render.tsx'))
  return {
    patterns: pages.flatMap(({ pattern }) => routerPatterns(pattern)),
    read: async (request) => (await load()).read(request, manifest),
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** `/settings/:section?` is two addresses to the router of routes. */
function routerPatterns(pattern: string): string[] {
  return pattern.endsWith('?') ? [pattern.slice(0, pattern.lastIndexOf('/')), pattern.slice(0, -1)] : [pattern]
}
