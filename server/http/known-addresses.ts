/** What an address takes besides its texts, about. */
const entryBytes = 400

/** Addresses that have been answered before, as they were typed. Bounded in bytes, for who asks chooses how long they are: the oldest go first. */
export function createKnownAddresses<Address extends { key: string }>(maxBytes: number) {
  const known = new Map<string, { address: Address; bytes: number }>()
  let held = 0
  const forget = (url: string) => {
    held -= known.get(url)?.bytes ?? 0
    known.delete(url)
  }
  return {
    find: (url: string): Address | undefined => known.get(url)?.address,
    add(url: string, address: Address): void {
      const bytes = entryBytes + 2 * (url.length + address.key.length)
      forget(url)
      if (bytes > maxBytes) return
      known.set(url, { address, bytes })
      held += bytes
      for (const oldest of known.keys()) {
        if (held <= maxBytes) return
        forget(oldest)
      }
    },
    figures: () => ({ entries: known.size, bytes: held }),
  }
}
