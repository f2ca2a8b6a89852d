import { type Limit, type LimitDecision, takeByGcra } from '#server/lib/gcra.ts'
import type { Viewer } from '#server/lib/viewer.ts'
import type { CloseCode } from '#shared/messages/close-codes.ts'
import type { Gathered } from './gathered.ts'
import type { Line, LineOwner } from './line.ts'
import { Payload } from './payload.ts'

/** What a connection leaves to others; one object for all connections. */
export interface Hub {
  /** Milliseconds that only grow. */
  nowMs(): number
  heard(connection: Connection, text: string): void
  /** False: this sign of life is one too many. */
  allowsSign(connection: Connection): boolean
  drained(connection: Connection): void
  gone(connection: Connection): void
  tooSlow(connection: Connection): void
}

/** F6: above the first, what is only of the moment waits and the newest of its key wins; above the second, the line is closed. */
const queueLimits = { softBytes: 65_536, hardBytes: 262_144 }

/** One line of one tab. What few connections need is made when they need it: most of them are idle. */
export class Connection implements LineOwner {
  viewer: Viewer
  readonly tab: string | undefined
  readonly line: Line
  readonly number: number
  heardMs: number
  /** When its session was looked at the last time. */
  recalledMs: number
  isGone = false
  /** The last entry of the log that was handed to the line; -1 before the log is followed. */
  cursor = -1
  /** The log grew while the line was being welcomed. */
  wasRung = false
  /** The log was not read on because the line could not take more. */
  isBehind = false
  /** Few, hence a list: ten thousand idle lines are ten thousand of them. */
  topics: readonly string[] = []
  /** When the allowance of all messages will be whole again, and that of each kind that was sent lately. */
  #allowanceMs = 0
  #allowances: readonly { kind: string; wholeMs: number }[] = []
  lanes: Map<string, Promise<void>> | undefined
  waiting = 0
  #patienceMs = 0
  /** Has been shown out; what is said to it now is said to nobody. */
  #isOver = false
  readonly #hub: Hub
  #latest: Map<string, string> | undefined
  #ending: AbortController | undefined

  constructor(parts: { hub: Hub; line: Line; viewer: Viewer; tab: string | undefined; number: number }) {
    this.#hub = parts.hub
    this.line = parts.line
    this.viewer = parts.viewer
    this.tab = parts.tab
    this.number = parts.number
    this.heardMs = parts.hub.nowMs()
    this.recalledMs = this.heardMs
  }

  get accountId(): string | undefined {
    return this.viewer.kind === 'person' ? this.viewer.accountId : undefined
  }

  /** Aborted when the line is gone. */
  get signal(): AbortSignal {
    this.#ending ??= new AbortController()
    if (this.isGone) this.#ending.abort()
    return this.#ending.signal
  }

  get isCongested(): boolean {
    return this.line.queuedBytes > queueLimits.softBytes
  }

  /** To this one alone. */
  send(text: string): void {
    this.#hand(new Payload(text))
  }

  /** Shared with others. */
  hand(payload: Payload): void {
    this.#hand(payload)
  }

  handGathered(gathered: Gathered): void {
    if (this.#isOver) return
    if (!this.isCongested) return this.line.send(gathered.all)
    for (const [key, text] of gathered.latest) this.#hold(key, text)
    if (gathered.lasting) this.#hand(gathered.lasting)
  }

  /** The newest of its key is enough. */
  sendLatest(key: string, text: string): void {
    if (this.isCongested) this.#hold(key, text)
    else this.send(text)
  }

  #hand(payload: Payload): void {
    if (this.#isOver) return
    if (this.line.queuedBytes > queueLimits.hardBytes) this.#hub.tooSlow(this)
    else this.line.send(payload)
  }

  #hold(key: string, text: string): void {
    this.#latest ??= new Map()
    this.#latest.delete(key)
    this.#latest.set(key, text)
  }

  /** Of all messages. Whole milliseconds: they take no memory of their own. */
  takeAny(nowMs: number, limit: Limit, cost: number): LimitDecision {
    const { arrivalMs, decision } = takeByGcra(this.#allowanceMs, nowMs, limit, cost)
    this.#allowanceMs = Math.floor(arrivalMs)
    return decision
  }

  takeKind(kind: string, nowMs: number, limit: Limit): LimitDecision {
    const known = this.#allowances.find((allowance) => allowance.kind === kind)
    const { arrivalMs, decision } = takeByGcra(known?.wholeMs, nowMs, limit, 1)
    const others = this.#allowances.filter((allowance) => allowance !== known && allowance.wholeMs > nowMs)
    this.#allowances = [...others, { kind, wholeMs: Math.floor(arrivalMs) }]
    return decision
  }

  /** Every refusal costs some. */
  isOutOfPatience(nowMs: number, patience: Limit): boolean {
    const { arrivalMs, decision } = takeByGcra(this.#patienceMs, nowMs, patience, 1)
    this.#patienceMs = Math.floor(arrivalMs)
    return !decision.allowed
  }

  close(code: CloseCode, retryMs?: number): void {
    this.#isOver = true
    this.line.close(code, retryMs)
  }

  heard(text: string): void {
    this.heardMs = this.#hub.nowMs()
    this.#hub.heard(this, text)
  }

  lives(): void {
    this.heardMs = this.#hub.nowMs()
    if (!this.#hub.allowsSign(this)) this.close(1008)
  }

  drained(): void {
    const latest = this.#latest
    this.#latest = undefined
    if (latest) this.line.send(Payload.of([...latest.values()]))
    this.#hub.drained(this)
  }

  gone(): void {
    if (this.isGone) return
    this.isGone = true
    this.#ending?.abort()
    this.#hub.gone(this)
  }
}
