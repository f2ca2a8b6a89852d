import type { Bus, Subscription } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PresenceKeeper } from '#server/ports/live.ts'
import { liveWords, type PresenceWord } from '#server/ports/live-words.ts'
import { PresenceTable } from './presence-table.ts'

const saysEachMs = 100
const beatMs = 20_000
const deafAfterMs = 70_000
const graceMs = 10_000
const partSize = 500

/** Everybody, as a scope beside the topics. */
const anywhere = ''

/**
 * Each process says how many lines of whom it holds, and what changes; each keeps what the others say for 70 seconds after their last word. Words are
 * counted: who misses one asks for everything. No store is in between, hence nothing is left behind by a process that was killed.
 */
export async function openBusPresence(parts: { bus: Bus; clock: Clock; node: string }): Promise<PresenceKeeper> {
  const { bus, clock, node } = parts
  const watchers = new Set<(accountId: string, isHere: boolean) => void>()
  const topicWatchers = new Set<(topic: string, accountId: string, isHere: boolean) => void>()
  const table = new PresenceTable({
    clock,
    graceMs,
    changed: (scope, accountId, isHere) => {
      if (scope === anywhere) for (const changed of watchers) changed(accountId, isHere)
      else for (const changed of topicWatchers) changed(scope, accountId, isHere)
    },
  })
  const speaker = new Speaker({ bus, clock, node, table })
  const subscription = await liveWords.presence.subscribe(
    bus,
    (word) => speaker.heard(word),
    () => speaker.askAll(),
  )
  speaker.start()
  return {
    devices: (accountId) => table.count(anywhere, accountId),
    isHere: (accountId) => table.isHere(anywhere, accountId),
    people: (topic) => table.people(topic),
    onChange(changed) {
      watchers.add(changed)
      return { end: () => void watchers.delete(changed) }
    },
    onTopicChange(changed) {
      topicWatchers.add(changed)
      return { end: () => void topicWatchers.delete(changed) }
    },
    add: (scope, accountId) => speaker.change(scope ?? anywhere, accountId, 1),
    remove: (scope, accountId) => speaker.change(scope ?? anywhere, accountId, -1),
    close: () => speaker.close(subscription),
  }
}

class Speaker {
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #node: string
  readonly #table: PresenceTable
  readonly #changed = new Map<string, [scope: string, accountId: string]>()
  readonly #heardOf = new Map<string, { i: number; atMs: number }>()
  #said = 0
  #isAboutToSay = false
  #isAboutToSayAll = false
  #timer: { cancel(): void } | undefined
  #isClosed = false

  constructor(parts: { bus: Bus; clock: Clock; node: string; table: PresenceTable }) {
    this.#bus = parts.bus
    this.#clock = parts.clock
    this.#node = parts.node
    this.#table = parts.table
  }

  start(): void {
    this.askAll()
    this.#beat()
  }

  askAll(): void {
    this.#publish({ ask: '*' })
    this.#sayAllSoon()
  }

  change(scope: string, accountId: string, by: 1 | -1): void {
    this.#table.addOwn(scope, accountId, by)
    this.#changed.set(`${scope}\n${accountId}`, [scope, accountId])
    if (this.#isAboutToSay) return
    this.#isAboutToSay = true
    this.#clock.after(saysEachMs, () => this.#sayChanges())
  }

  #sayChanges(): void {
    this.#isAboutToSay = false
    const changed = [...this.#changed.values()]
    this.#changed.clear()
    for (let start = 0; start < changed.length; start += partSize) {
      const counts = changed
        .slice(start, start + partSize)
        .map(([scope, accountId]): [string, string, number] => [scope, accountId, this.#table.own(scope, accountId)])
      this.#publish({ node: this.#node, i: ++this.#said, counts })
    }
  }

  /** Many may ask at once, after a restart of Redis for one: they are answered together. */
  #sayAllSoon(): void {
    if (this.#isAboutToSayAll) return
    this.#isAboutToSayAll = true
    this.#clock.after(saysEachMs + Math.random() * saysEachMs, () => {
      this.#isAboutToSayAll = false
      const all = this.#table.allOwn()
      this.#publish({ node: this.#node, i: ++this.#said, counts: all.slice(0, partSize), whole: true })
      for (let start = partSize; start < all.length; start += partSize) {
        this.#publish({ node: this.#node, i: ++this.#said, counts: all.slice(start, start + partSize) })
      }
    })
  }

  heard(word: PresenceWord): void {
    if ('ask' in word) {
      if (word.ask === '*' || word.ask === this.#node) this.#sayAllSoon()
      return
    }
    if (word.node === this.#node) return
    if ('bye' in word) {
      this.#heardOf.delete(word.node)
      this.#table.forget(word.node)
      return
    }
    const last = this.#heardOf.get(word.node)
    // A beat repeats the last number, a word of news has the next one.
    const isNext = word.whole || (last !== undefined && (word.counts.length === 0 ? word.i === last.i : word.i === last.i + 1))
    this.#heardOf.set(word.node, { i: word.i, atMs: this.#clock.monotonicMs() })
    if (word.whole) this.#table.forget(word.node)
    for (const [scope, accountId, count] of word.counts) this.#table.set(word.node, scope, accountId, count)
    if (!isNext) this.#publish({ ask: word.node })
  }

  #beat(): void {
    this.#timer = this.#clock.after(beatMs, () => {
      this.#publish({ node: this.#node, i: this.#said, counts: [] })
      const nowMs = this.#clock.monotonicMs()
      for (const [node, { atMs }] of [...this.#heardOf]) {
        if (nowMs - atMs < deafAfterMs) continue
        this.#heardOf.delete(node)
        this.#table.forget(node)
      }
      this.#beat()
    })
  }

  #publish(word: PresenceWord): void {
    if (!this.#isClosed) void liveWords.presence.publish(this.#bus, word).catch(() => {})
  }

  async close(subscription: Subscription): Promise<void> {
    this.#timer?.cancel()
    await liveWords.presence.publish(this.#bus, { node: this.#node, bye: true }).catch(() => {})
    this.#isClosed = true
    await subscription.end()
  }
}
