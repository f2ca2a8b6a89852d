import type { PageEntry } from '#web/lib/page.ts'

/** Every address for people, in the order of asking. The last one takes what no other took. */
export const pages: readonly PageEntry[] = [
  { name: 'home', pattern: '/', file: 'web/pages/home.tsx', areas: ['pages'], load: () => import('#web/pages/home.tsx') },
  { name: 'login', pattern: '/login', file: 'web/pages/login.tsx', areas: ['accounts'], load: () => import('#web/pages/login.tsx') },
  {
    name: 'register',
    pattern: '/register',
    file: 'web/pages/register.tsx',
    areas: ['accounts'],
    load: () => import('#web/pages/register.tsx'),
  },
  { name: 'forgot', pattern: '/forgot', file: 'web/pages/forgot.tsx', areas: ['accounts'], load: () => import('#web/pages/forgot.tsx') },
  { name: 'reset', pattern: '/reset', file: 'web/pages/reset.tsx', areas: ['accounts'], load: () => import('#web/pages/reset.tsx') },
  {
    name: 'welcome',
    pattern: '/welcome',
    file: 'web/pages/welcome.tsx',
    areas: ['accounts'],
    load: () => import('#web/pages/welcome.tsx'),
  },
  { name: 'not-found', pattern: '/*', file: 'web/pages/not-found.tsx', areas: ['pages'], load: () => import('#web/pages/not-found.tsx') },
]
