/** Where one may be sent after signing in: by name, never by an address that somebody else could have written. */
const targets = { home: '/', settings: '/settings', admin: '/admin' } as const

export function targetOf(search: URLSearchParams): string {
  const name = search.get('to') ?? ''
  return Object.hasOwn(targets, name) ? targets[name as keyof typeof targets] : targets.home
}
