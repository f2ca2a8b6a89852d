import { toMessageText } from '#server/lib/message-text.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { PresenceKeeper } from '#server/ports/live.ts'
import { presence } from '#shared/messages/socket.ts'
import type { Connection } from './connection.ts'
import type { TopicPolicy } from './door.ts'
import type { Topics, TopicWatcher } from './topics.ts'

const tellsEachMs = 500
/** In larger ones members are told how many, not who. */
const namesAtMost = 200

type Change = { joined: Set<string>; gone: Set<string> }

/** Tells the members of a topic who comes and goes, gathered; each process tells its own. */
export class TopicPresence implements TopicWatcher {
  readonly #keeper: PresenceKeeper
  readonly #clock: Clock
  readonly #changes = new Map<string, Change>()
  #topics: Topics | undefined

  constructor(parts: { keeper: PresenceKeeper; clock: Clock }) {
    this.#keeper = parts.keeper
    this.#clock = parts.clock
    this.#keeper.onTopicChange((topic, accountId, isHere) => this.#changed(topic, accountId, isHere))
  }

  /** Topics and their watcher know each other. */
  attach(topics: Topics): void {
    this.#topics = topics
  }

  entered(topic: string, connection: Connection, policy: TopicPolicy): void {
    if (!policy.presence) return
    if (connection.accountId !== undefined) this.#keeper.add(topic, connection.accountId)
    const people = this.#keeper.people(topic)
    const joined = policy.presence === 'people' && people.length <= namesAtMost ? [...people] : []
    connection.send(toMessageText(presence, { topic, count: people.length, whole: true, joined, gone: [] }))
  }

  left(topic: string, connection: Connection): void {
    if (this.#topics?.policyOf(topic)?.presence && connection.accountId !== undefined) this.#keeper.remove(topic, connection.accountId)
  }

  #changed(topic: string, accountId: string, isHere: boolean): void {
    if (!this.#topics?.members(topic).size) return
    let change = this.#changes.get(topic)
    if (!change) {
      this.#changes.set(topic, (change = { joined: new Set(), gone: new Set() }))
      this.#clock.after(tellsEachMs, () => this.#tell(topic))
    }
    const [now, before] = isHere ? [change.joined, change.gone] : [change.gone, change.joined]
    if (!before.delete(accountId)) now.add(accountId)
  }

  #tell(topic: string): void {
    const change = this.#changes.get(topic)
    this.#changes.delete(topic)
    if (!change || change.joined.size + change.gone.size === 0) return
    const { length: count } = this.#keeper.people(topic)
    const named = this.#topics?.policyOf(topic)?.presence === 'people' && count <= namesAtMost
    const [joined, gone] = named ? [[...change.joined], [...change.gone]] : [[], []]
    this.#topics?.say(topic, toMessageText(presence, { topic, count, whole: false, joined, gone }))
  }
}
