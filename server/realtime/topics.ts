import { toMessageText } from '#server/lib/message-text.ts'
import { Problem } from '#server/lib/problem.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { Bus, Subscription } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import { liveWords, type Wrapped } from '#server/ports/live-words.ts'
import { gap, left } from '#shared/messages/socket.ts'
import { checkAccess } from './access.ts'
import type { Connection } from './connection.ts'
import type { TopicPolicy } from './door.ts'
import type { Gathered } from './gathered.ts'
import { Gatherer, type Gathering } from './gatherer.ts'

/** An empty topic is heard on for so long: whoever reloads a page comes back at once. */
const lingerMs = 5_000
const topicsAtMost = 100

type Topic = {
  name: string
  members: Set<Connection>
  gathering: Gathering
  subscription: Promise<Subscription>
  lingering: { cancel(): void } | undefined
}

export type TopicWatcher = {
  entered(topic: string, connection: Connection, policy: TopicPolicy): void
  left(topic: string, connection: Connection): void
}

/** Who is on which topic in this process. The bus carries a topic here only while somebody is. */
export class Topics {
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #policies: ReadonlyMap<string, TopicPolicy>
  readonly #gatherer: Gatherer
  readonly #topics = new Map<string, Topic>()
  readonly #watcher: TopicWatcher
  readonly #idOf: (connection: Connection) => string
  #evictions = 0
  readonly figures = { published: 0, delivered: 0, flushes: 0 }

  constructor(parts: {
    bus: Bus
    clock: Clock
    policies: ReadonlyMap<string, TopicPolicy>
    gatherMs: number
    watcher: TopicWatcher
    idOf: (connection: Connection) => string
  }) {
    this.#bus = parts.bus
    this.#clock = parts.clock
    this.#policies = parts.policies
    this.#gatherer = new Gatherer(parts)
    this.#watcher = parts.watcher
    this.#idOf = parts.idOf
  }

  get size(): number {
    return this.#topics.size
  }

  members(name: string): ReadonlySet<Connection> {
    return this.#topics.get(name)?.members ?? new Set()
  }

  policyOf(name: string): TopicPolicy | undefined {
    return this.#policies.get(name.slice(0, name.indexOf(':')))
  }

  async enter(connection: Connection, name: string): Promise<void> {
    if (connection.topics.includes(name)) return
    if (connection.topics.length >= topicsAtMost) throw new Problem('limited', 'socket.too_many_topics', { params: { most: topicsAtMost } })
    const policy = this.policyOf(name)
    if (!policy) throw noSuchTopic()
    checkAccess(policy.access, connection.viewer)
    let asked = this.#evictions
    await this.#checkPolicy(policy, connection.viewer, name)
    const topic = this.#open(name)
    await topic.subscription
    // Somebody was shown out meanwhile; was it this one?
    while (asked !== this.#evictions) {
      asked = this.#evictions
      await this.#checkPolicy(policy, connection.viewer, name)
    }
    if (connection.isGone) return this.#closeIfEmpty(topic)
    topic.members.add(connection)
    connection.topics = [...connection.topics, name]
    this.#watcher.entered(name, connection, policy)
  }

  async #checkPolicy(policy: TopicPolicy, viewer: Viewer, name: string): Promise<void> {
    if (!(await policy.mayEnter(viewer, name.slice(name.indexOf(':') + 1)))) throw noSuchTopic()
  }

  #open(name: string): Topic {
    const known = this.#topics.get(name)
    if (known) {
      known.lingering?.cancel()
      known.lingering = undefined
      return known
    }
    const topic: Topic = {
      name,
      members: new Set(),
      gathering: this.#gatherer.open({ flush: (gathered) => this.#deliver(topic, gathered), readers: () => topic.members.size }),
      subscription: liveWords.topic(name).subscribe(
        this.#bus,
        (word) => this.#heard(topic, word),
        () => this.#say(topic, toMessageText(gap, { topic: name })),
      ),
      lingering: undefined,
    }
    // Who waits for it is told; nobody stays with a topic that cannot be heard.
    topic.subscription.catch(() => this.#topics.delete(name))
    this.#topics.set(name, topic)
    return topic
  }

  #heard(topic: Topic, word: string | Wrapped): void {
    if (topic.members.size === 0) return
    this.figures.published++
    topic.gathering.add(
      typeof word === 'string'
        ? { text: word, key: undefined, except: undefined }
        : { text: word.text, key: word.key, except: word.except },
    )
  }

  /** To everybody on it, by the same way and in the same order as what is published. */
  say(name: string, text: string): void {
    const topic = this.#topics.get(name)
    if (topic) this.#say(topic, text)
  }

  #say(topic: Topic, text: string): void {
    topic.gathering.add({ text, key: undefined, except: undefined })
  }

  #deliver(topic: Topic, gathered: Gathered): void {
    this.figures.flushes++
    this.figures.delivered += gathered.entries.length * topic.members.size
    if (!gathered.hasExceptions) {
      for (const connection of topic.members) connection.handGathered(gathered)
      return
    }
    for (const connection of topic.members) {
      const theirs = gathered.without(this.#idOf(connection))
      if (theirs) connection.handGathered(theirs)
    }
  }

  leave(connection: Connection, name: string): void {
    const topic = this.#topics.get(name)
    if (!topic || !connection.topics.includes(name)) return
    connection.topics = connection.topics.filter((other) => other !== name)
    topic.members.delete(connection)
    this.#watcher.left(name, connection)
    this.#closeIfEmpty(topic)
  }

  leaveAll(connection: Connection): void {
    for (const name of connection.topics) this.leave(connection, name)
  }

  evict(name: string, accountId: string): void {
    this.#evictions++
    for (const connection of [...this.members(name)]) {
      if (accountId !== 'everybody' && connection.accountId !== accountId) continue
      this.leave(connection, name)
      connection.send(toMessageText(left, { topic: name, why: 'evicted' }))
    }
  }

  #closeIfEmpty(topic: Topic): void {
    if (topic.members.size > 0 || topic.lingering) return
    topic.lingering = this.#clock.after(lingerMs, () => {
      if (topic.members.size > 0) return
      this.#topics.delete(topic.name)
      void topic.subscription.then((subscription) => subscription.end()).catch(() => {})
    })
  }

  async close(): Promise<void> {
    const open = [...this.#topics.values()]
    this.#topics.clear()
    for (const { lingering } of open) lingering?.cancel()
    await Promise.allSettled(open.map(async ({ subscription }) => (await subscription).end()))
  }
}

function noSuchTopic(): Problem {
  return new Problem('not_found', 'socket.no_such_topic')
}
