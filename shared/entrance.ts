/** Where one goes after coming in: by name, never by an address that somebody else could have written. */
const places: Readonly<Record<string, string>> = { settings: '/settings', admin: '/admin' }
const film = /^watch\/[0-9a-z]{20}$/

export function targetOf(search: URLSearchParams): string {
  const name = search.get('to') ?? ''
  if (film.test(name)) return `/${name}`
  return Object.hasOwn(places, name) ? (places[name] ?? '/') : '/'
}

/** A way in that leads back to `path`, where that is a place one may be sent to. */
export function entranceFor(path: string, entrance: '/login' | '/register' = '/login'): string {
  const name = path.slice(1)
  return targetOf(new URLSearchParams({ to: name })) === path && name !== '' ? `${entrance}?to=${name}` : entrance
}
