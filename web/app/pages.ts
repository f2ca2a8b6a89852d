import type { PageEntry } from '#web/lib/page.ts'

/** Every address for people, in the order of asking. The last one takes what no other took. */
export const pages: readonly PageEntry[] = [
  { name: 'home', pattern: '/', file: 'web/pages/home.tsx', areas: ['pages'], load: () => import('#web/pages/home.tsx') },
  { name: 'not-found', pattern: '/*', file: 'web/pages/not-found.tsx', areas: ['pages'], load: () => import('#web/pages/not-found.tsx') },
]
