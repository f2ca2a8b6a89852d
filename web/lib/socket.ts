import type { ClientAnswer, ClientBody, ClientKind, RepeatableKind, ServerBody, ServerKind } from '#shared/messages/catalogue.ts'
import type { Answered, Received, Refused, Told } from '#shared/messages/envelope.ts'
import { Cursor } from './socket/cursor.ts'
import { Dialler, type SocketState } from './socket/dialler.ts'
import { EnteredTopics, type TopicEvents } from './socket/entered-topics.ts'
import { browserEnvironment, type Environment } from './socket/environment.ts'
import { Requests } from './socket/requests.ts'

export type { SocketState } from './socket/dialler.ts'
export { MessageRefused, Unanswered } from './socket/requests.ts'

export type SocketOptions = {
  /** Scheme and host; the page's own unless told. */
  origin?: string
  /** For clients without cookies: a new ticket for each WebSocket, and a bearer token for what goes by HTTP. */
  ticket?: () => Promise<string>
  bearer?: string
  language?: string
  environment?: Environment
}

/** A hole is given a moment to fill by itself: the entry may be on its way. */
const holeMs = 1_000

/** One line to the house for the whole page: what is said to us arrives once and in order, what we say is answered or fails. */
export class LiveSocket {
  readonly #environment: Environment
  readonly #cursor = new Cursor()
  readonly #dialler: Dialler
  readonly #requests: Requests
  readonly #topics: EnteredTopics
  readonly #handlers = new Map<string, Set<(body: never) => void>>()
  readonly #stateWatchers = new Set<() => void>()
  readonly #resetWatchers = new Set<() => void>()
  #wantedSeq = 0
  #healing: { cancel(): void } | undefined

  constructor(options: SocketOptions = {}) {
    const environment = options.environment ?? browserEnvironment()
    this.#environment = environment
    this.#requests = new Requests({ environment, send: (message) => this.#dialler.send(message) })
    this.#topics = new EnteredTopics({
      ask: (kind, topic) => this.#requests.ask(kind, { topic }, false),
      after: (ms, act) => environment.after(ms, act),
    })
    const tab = newTab(environment)
    const origin = options.origin ?? globalThis.location.origin
    const { ticket, bearer, language } = options
    this.#dialler = new Dialler({
      environment,
      dialling: () => ({ environment, origin, tab, since: this.#cursor.since, ticket, bearer, language }),
      events: {
        heard: (text) => this.#heard(text),
        broken: () => this.#broken(),
        changed: () => this.#tellAll(this.#stateWatchers),
      },
    })
    this.#dialler.dial()
  }

  get state(): SocketState {
    return this.#dialler.state
  }

  /** By which way the messages come, while they do. */
  get way(): 'websocket' | 'events' | undefined {
    return this.#dialler.way
  }

  /** For `useSyncExternalStore`, with `state`. */
  onState(changed: () => void): () => void {
    this.#stateWatchers.add(changed)
    return () => this.#stateWatchers.delete(changed)
  }

  on<K extends ServerKind>(kind: K, told: (body: ServerBody<K>) => void): () => void {
    let handlers = this.#handlers.get(kind)
    if (!handlers) this.#handlers.set(kind, (handlers = new Set()))
    handlers.add(told)
    return () => handlers.delete(told)
  }

  /** The log could not be continued: whatever was built from it has to be loaded anew. */
  onReset(reset: () => void): () => void {
    this.#resetWatchers.add(reset)
    return () => this.#resetWatchers.delete(reset)
  }

  /** Said if the line is up, and forgotten otherwise: typing, positions. */
  say<K extends ClientKind>(kind: K, body: ClientBody<K>): boolean {
    if (!this.#dialler.isLive) return false
    this.#dialler.send({ t: kind, d: body })
    return true
  }

  /** Fails with `Unanswered` when the line is down or breaks, with `MessageRefused` when the house says no. */
  ask<K extends ClientKind>(kind: K, body: ClientBody<K>): Promise<ClientAnswer<K>> {
    return this.#requests.ask(kind, body, false) as Promise<ClientAnswer<K>>
  }

  /** Waits for a line, and is sent again after every break, in order, until it is answered. Only for what carries its own key. */
  keep<K extends RepeatableKind>(kind: K, body: ClientBody<K>): Promise<ClientAnswer<K>> {
    return this.#requests.ask(kind, body, true) as Promise<ClientAnswer<K>>
  }

  /** Hears what is published on a topic, until `leave`. */
  enter(topic: string, events: TopicEvents = {}): { entered: Promise<void>; leave(): void } {
    return this.#topics.enter(topic, events, this.#dialler.isLive)
  }

  close(): void {
    this.#dialler.close()
    this.#requests.close()
  }

  #broken(): void {
    this.#healing?.cancel()
    this.#healing = undefined
    this.#requests.broken()
  }

  #heard(text: string): void {
    const frame = JSON.parse(text) as Received | Received[]
    for (const message of Array.isArray(frame) ? frame : [frame]) {
      if ('t' in message) this.#told(message)
      else this.#answered(message)
    }
  }

  #answered(message: Answered | Refused): void {
    if (!('problem' in message)) this.#requests.answered(message.re, message.d)
    else if (message.re !== null) this.#requests.refused(message.re, message.problem)
  }

  #told({ t, d, n }: Told): void {
    if (n !== undefined) {
      const judgement = this.#cursor.judge(n)
      if (judgement === 'hole') this.#heal(n)
      if (judgement !== 'next') return
      this.#cursor.advance()
    }
    this.#attend(t as ServerKind, d)
    this.#tellAll(this.#handlers.get(t), d as never)
  }

  /** What concerns the socket itself. */
  #attend(kind: ServerKind, body: unknown): void {
    switch (kind) {
      case 'socket.welcome':
        return this.#welcomed(body as ServerBody<'socket.welcome'>)
      case 'socket.heads':
        return this.#heal((body as ServerBody<'socket.heads'>).seq)
      case 'socket.reset': {
        const { epoch, seq } = body as ServerBody<'socket.reset'>
        this.#cursor.moveTo(epoch, seq)
        return this.#tellAll(this.#resetWatchers)
      }
      case 'socket.gap':
        return this.#topics.gap((body as ServerBody<'socket.gap'>).topic)
      case 'socket.left': {
        const { topic, why } = body as ServerBody<'socket.left'>
        return this.#topics.end(topic, why)
      }
      default:
    }
  }

  #welcomed({ epoch, seq }: ServerBody<'socket.welcome'>): void {
    // Whoever has a place already either goes on from it, or hears of a reset next.
    if (!this.#cursor.place) this.#cursor.moveTo(epoch, seq)
    this.#dialler.welcomed()
    this.#requests.opened()
    this.#topics.enterAll()
  }

  /** What is missing up to `seq` is asked for, once at a time. */
  #heal(seq: number): void {
    this.#wantedSeq = seq
    this.#healing ??= this.#environment.after(holeMs, () => {
      this.#healing = undefined
      const { place } = this.#cursor
      if (place && place.seq < this.#wantedSeq) this.ask('socket.resume', place).catch(() => {})
    })
  }

  /** Whoever listens and fails spoils it for nobody else. */
  #tellAll<A>(listeners: ReadonlySet<(argument: A) => void> | undefined, argument?: A): void {
    for (const listener of [...(listeners ?? [])]) {
      try {
        listener(argument as A)
      } catch (error) {
        this.#environment.report(error)
      }
    }
  }
}

function newTab({ chance }: Environment): string {
  return Array.from({ length: 16 }, () => Math.floor(chance() * 36).toString(36)).join('')
}
