import type { Sent } from '#shared/messages/envelope.ts'
import { backoffMs } from './backoff.ts'
import type { ClientLine, Dialling, Ending, LineEvents } from './client-line.ts'
import type { Environment } from './environment.ts'
import { openEventsLine } from './events-line.ts'
import { openWebSocketLine } from './websocket-line.ts'

/**
 * `connecting`: for the first time; `live`; `retrying`: the line broke, we come back by ourselves; `offline`: the device has no network;
 * `ended`: the session is over, or a newer line of this tab took over.
 */
export type SocketState = 'connecting' | 'live' | 'retrying' | 'offline' | 'ended'

/** The server says something every 20 seconds: see socket.heads. */
const deafMs = 45_000
const doubtfulMs = 22_000
const signMs = 5_000
const welcomeMs = 12_000
const lookMs = 5_000
/** A line that lived so long was a good one: the next failure is a first one. */
const goodMs = 10_000
/** After so many WebSockets that never said a word, server-sent events are tried; and a WebSocket again after a while. */
const refusedAtMost = 2
const eventsForMs = 600_000

type Line = { line: ClientLine; isLive: boolean; openedMs: number; heardMs: number }

export type DiallerEvents = {
  heard(text: string): void
  /** What was on its way may be lost. */
  broken(): void
  changed(): void
}

/** Keeps one line up, whatever the network does: when to call again, by which way, and when to stop trusting a silent line. */
export class Dialler {
  readonly #environment: Environment
  readonly #dialling: () => Dialling
  readonly #events: DiallerEvents
  readonly #waking: { end(): void }
  #state: SocketState = 'connecting'
  #current: Line | undefined
  #failures = 0
  #refusals = 0
  #eventsUntilMs = Number.NEGATIVE_INFINITY
  #timer: { cancel(): void } | undefined
  #watch: { cancel(): void } | undefined

  constructor(parts: { environment: Environment; dialling: () => Dialling; events: DiallerEvents }) {
    this.#environment = parts.environment
    this.#dialling = parts.dialling
    this.#events = parts.events
    this.#waking = this.#environment.onWake(() => this.#wake())
  }

  get state(): SocketState {
    return this.#state
  }

  get isLive(): boolean {
    return this.#current?.isLive ?? false
  }

  get way(): 'websocket' | 'events' | undefined {
    return this.#current?.isLive ? this.#current.line.way : undefined
  }

  send(message: Sent): void {
    this.#current?.line.send(message)
  }

  /** The first word has come: the line stands. */
  welcomed(): void {
    if (this.#current) this.#current.isLive = true
    this.#refusals = 0
    this.#setState('live')
  }

  close(): void {
    this.#hangUp()
    this.#timer?.cancel()
    this.#waking.end()
    this.#setState('ended')
  }

  dial(): void {
    this.#timer?.cancel()
    if (this.#state === 'ended') return
    const nowMs = this.#environment.nowMs()
    const open = nowMs < this.#eventsUntilMs ? openEventsLine : openWebSocketLine
    const mine: Line = { line: { way: 'websocket', send() {}, close() {} }, isLive: false, openedMs: nowMs, heardMs: nowMs }
    const events: LineEvents = { heard: (text) => this.#heard(mine, text), ended: (ending) => this.#ended(mine, ending) }
    this.#current = mine
    mine.line = open(this.#dialling(), events)
    this.#look()
  }

  #heard(line: Line, text: string): void {
    if (this.#current !== line) return
    line.heardMs = this.#environment.nowMs()
    this.#events.heard(text)
  }

  /** Lines that break without a word are noticed by their silence. */
  #look(): void {
    this.#watch?.cancel()
    this.#watch = this.#environment.after(lookMs, () => {
      const line = this.#current
      if (!line) return
      const silentMs = this.#environment.nowMs() - line.heardMs
      if (silentMs > (line.isLive ? deafMs : welcomeMs)) this.#giveUp(line)
      else this.#look()
    })
  }

  #giveUp(line: Line): void {
    line.line.close()
    this.#ended(line, { code: 1006, retryMs: undefined, refused: !line.isLive, isOver: false })
  }

  #hangUp(): void {
    this.#watch?.cancel()
    this.#current?.line.close()
    this.#current = undefined
    this.#events.broken()
  }

  #ended(line: Line, ending: Ending): void {
    if (this.#current !== line) return
    const nowMs = this.#environment.nowMs()
    const wasGood = line.isLive && nowMs - line.openedMs > goodMs
    this.#hangUp()
    if (ending.isOver) return this.close()
    this.#failures = wasGood ? 0 : this.#failures + 1
    this.#chooseWay(line, ending, nowMs)
    this.#retryIn(ending.retryMs ?? backoffMs(this.#failures, this.#environment.chance()))
  }

  #chooseWay({ line: { way } }: Line, { refused }: Ending, nowMs: number): void {
    if (way === 'events') {
      // Neither passes: then it is not the proxy, and the better way is tried first again.
      if (refused) this.#eventsUntilMs = Number.NEGATIVE_INFINITY
      return
    }
    this.#refusals = refused ? this.#refusals + 1 : 0
    if (this.#refusals < refusedAtMost || !this.#environment.isOnline()) return
    this.#refusals = 0
    this.#eventsUntilMs = nowMs + eventsForMs
  }

  #retryIn(ms: number): void {
    if (!this.#environment.isOnline()) this.#setState('offline')
    else if (this.#state !== 'connecting') this.#setState('retrying')
    this.#timer?.cancel()
    this.#timer = this.#environment.after(ms, () => this.dial())
  }

  #wake(): void {
    if (this.#state === 'ended') return
    if (!this.#environment.isOnline()) return this.#setState('offline')
    const line = this.#current
    // Back at once, but not all at the same moment.
    if (!line) return this.#retryIn(this.#environment.chance() * signMs * 0.1)
    if (line.isLive) this.#doubt(line)
  }

  #doubt(line: Line): void {
    this.#setState('live')
    const { heardMs } = line
    if (this.#environment.nowMs() - heardMs < doubtfulMs) return
    line.line.send({ t: 'socket.ping', d: { sent: this.#environment.nowMs() }, id: 'doubt' })
    this.#environment.after(signMs, () => {
      if (this.#current === line && line.heardMs === heardMs) this.#giveUp(line)
    })
  }

  #setState(state: SocketState): void {
    if (state === this.#state) return
    this.#state = state
    this.#events.changed()
  }
}
