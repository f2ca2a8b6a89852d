/** Addresses of pages and pictures as other sites know them. */
export function addressesAt(origin: string) {
  return {
    film: (id: string) => `${origin}/watch/${encodeURIComponent(id)}`,
    frame: (id: string) => `${origin}/embed/${encodeURIComponent(id)}`,
    channel: (username: string) => `${origin}/@${encodeURIComponent(username)}`,
    tag: (tag: string) => `${origin}/tag/${encodeURIComponent(tag)}`,
    poster: (id: string, revision: number) => `${origin}/stream/${encodeURIComponent(id)}/poster.jpg?w=1280&r=${revision}`,
  }
}
