import type { PageEntry } from '#web/lib/page.ts'

/** Every address for people, in the order of asking. */
export const pages: readonly PageEntry[] = [
  { name: 'home', pattern: '/', file: 'web/pages/home.tsx', areas: ['pages'], load: () => import('#web/pages/home.tsx') },
  { name: 'search', pattern: '/search', file: 'web/pages/search.tsx', areas: ['pages'], load: () => import('#web/pages/search.tsx') },
  {
    name: 'watch',
    pattern: '/watch/:vid',
    file: 'web/pages/watch.tsx',
    areas: ['watch'],
    load: () => import('#web/pages/watch.tsx'),
  },
  {
    name: 'profile',
    pattern: '/@:username',
    file: 'web/pages/profile.tsx',
    areas: ['pages'],
    load: () => import('#web/pages/profile.tsx'),
  },
  {
    name: 'offline',
    pattern: '/offline',
    file: 'web/pages/offline.tsx',
    areas: [],
    isImpersonal: true,
    load: () => import('#web/pages/offline.tsx'),
  },
  { name: 'login', pattern: '/login', file: 'web/pages/login.tsx', areas: ['accounts'], load: () => import('#web/pages/login.tsx') },
  {
    name: 'register',
    pattern: '/register',
    file: 'web/pages/register.tsx',
    areas: ['accounts'],
    load: () => import('#web/pages/register.tsx'),
  },
  { name: 'forgot', pattern: '/forgot', file: 'web/pages/forgot.tsx', areas: ['accounts'], load: () => import('#web/pages/forgot.tsx') },
  {
    name: 'reset-password',
    pattern: '/reset-password',
    file: 'web/pages/reset-password.tsx',
    areas: ['accounts'],
    load: () => import('#web/pages/reset-password.tsx'),
  },
  {
    name: 'confirm-email',
    pattern: '/confirm-email',
    file: 'web/pages/confirm-email.tsx',
    areas: ['accounts'],
    load: () => import('#web/pages/confirm-email.tsx'),
  },
  {
    name: 'welcome',
    pattern: '/welcome',
    file: 'web/pages/welcome.tsx',
    areas: ['accounts'],
    load: () => import('#web/pages/welcome.tsx'),
  },
  {
    name: 'admin',
    pattern: '/admin/:section?',
    file: 'web/pages/admin.tsx',
    areas: ['admin'],
    needs: 'person',
    load: () => import('#web/pages/admin.tsx'),
  },
  {
    name: 'studio',
    pattern: '/studio/:vid?',
    file: 'web/pages/studio.tsx',
    areas: ['making'],
    needs: 'person',
    load: () => import('#web/pages/studio.tsx'),
  },
  {
    name: 'upload-films',
    pattern: '/upload-films',
    file: 'web/pages/upload-films.tsx',
    areas: ['making'],
    needs: 'person',
    load: () => import('#web/pages/upload-films.tsx'),
  },
  {
    name: 'settings',
    pattern: '/settings/:section?',
    file: 'web/pages/settings.tsx',
    areas: ['settings'],
    needs: 'person',
    load: () => import('#web/pages/settings.tsx'),
  },
]

/** Stands where no page does, and wherever a request for a page failed. */
export const problemPage: PageEntry = {
  name: 'problem',
  pattern: '/*',
  file: 'web/pages/problem.tsx',
  areas: ['pages'],
  load: () => import('#web/pages/problem.tsx'),
}
