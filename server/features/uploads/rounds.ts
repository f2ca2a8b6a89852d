type Round<Item> = { running: Promise<void>; next: { items: Item[]; done: Promise<void> } | undefined }

/** What comes while a round of its key is under way waits for the next, which does it all at once: what arrives together costs one sync and one commit. */
export class Rounds<Key, Item> {
  readonly #work: (items: readonly Item[]) => Promise<void>
  readonly #rounds = new Map<Key, Round<Item>>()

  constructor(work: (items: readonly Item[]) => Promise<void>) {
    this.#work = work
  }

  /** Resolves when it is done; rejects where the round that it was in failed. */
  add(key: Key, item: Item): Promise<void> {
    const round = this.#rounds.get(key)
    if (!round) return this.#start(key, [item])
    if (round.next) round.next.items.push(item)
    else {
      const items = [item]
      round.next = { items, done: round.running.catch(() => {}).then(() => this.#start(key, items)) }
    }
    return round.next.done
  }

  #start(key: Key, items: readonly Item[]): Promise<void> {
    const round: Round<Item> = { running: this.#work(items), next: undefined }
    this.#rounds.set(key, round)
    const end = () => {
      if (this.#rounds.get(key) === round && !round.next) this.#rounds.delete(key)
    }
    round.running.then(end, end)
    return round.running
  }
}
