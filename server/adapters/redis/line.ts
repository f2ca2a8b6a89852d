import { once } from 'node:events'
import { backoffMs } from '#server/lib/backoff.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { type ClientParts, createRedisClient, type RedisClient } from './client.ts'
import { isAnswer, isState, LineDown } from './errors.ts'
import type { Script } from './script.ts'

export type LineParts = ClientParts & {
  clock: Clock
  log: Log
  /** A line that answers later than this is no help to anybody. */
  slowMs?: number
}

/** A new connection has missed what was said meanwhile; one that was only slow has missed nothing. */
export type LineReturn = { isNew: boolean }

/** So often the line is asked how it is. */
const pingEveryMs = 500
const usualSlowMs = 250
/** So long nothing, and the connection is given up for a new one. */
const deadMs = 3000
const retry = { firstMs: 50, mostMs: 1000 }

/**
 * One connection to Redis that mends itself. While it is down, or answers too late, every command is refused at once, so that callers fall back
 * instead of queueing up; pings find out when it is well again.
 */
export class RedisLine {
  readonly #parts: LineParts
  readonly #slowMs: number
  readonly #upListeners = new Set<(how: LineReturn) => void>()
  readonly #channels = new Map<string, (message: string) => void>()
  readonly #closing = new AbortController()
  readonly #firstUp = Promise.withResolvers<void>()
  readonly #life: Promise<void>
  #client: RedisClient | undefined
  #serverRun = ''
  #isSuspect = false

  constructor(parts: LineParts) {
    this.#parts = parts
    this.#slowMs = parts.slowMs ?? usualSlowMs
    this.#firstUp.promise.catch(() => {})
    this.#life = this.#live()
  }

  get isUp(): boolean {
    return this.#client !== undefined && !this.#isSuspect
  }

  /** Which life of which server answers; another one after a restart or a takeover. Empty where it does not say. */
  get serverRun(): string {
    return this.#serverRun
  }

  /** Resolves when the line stands for the first time. Rejects when it does not within `timeoutMs`; it goes on trying. */
  async whenUp(timeoutMs: number): Promise<void> {
    await this.#inTime(this.#firstUp.promise, timeoutMs)
  }

  /** Called each time the line stands, the first time included unless it stands already. The channels have been joined before. */
  onUp(act: (how: LineReturn) => void): () => void {
    this.#upListeners.add(act)
    return () => void this.#upListeners.delete(act)
  }

  /** Rejects with `LineDown` at once while the line is down, and after `timeoutMs` at the latest: then the command may have been done or not. */
  send(command: readonly string[], timeoutMs = this.#slowMs): Promise<unknown> {
    return this.#ask((client) => client.sendCommand([...command]), timeoutMs)
  }

  /** Calls a script by its hash; a server that does not know it yet is given it whole. */
  call(script: Script, keys: readonly string[], args: readonly string[], timeoutMs = this.#slowMs): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args]
    return this.#ask(async (client) => {
      try {
        return await client.sendCommand(['EVALSHA', script.sha, ...rest])
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
        return client.sendCommand(['EVAL', script.source, ...rest])
      }
    }, timeoutMs)
  }

  /** One listener a channel. While the line is down it is joined as soon as it stands. */
  async join(channel: string, heard: (message: string) => void): Promise<void> {
    this.#channels.set(channel, heard)
    await this.#ask((client) => client.subscribe(channel, heard), this.#slowMs).catch(ignoreDown)
  }

  async leave(channel: string): Promise<void> {
    if (this.#channels.delete(channel)) await this.#ask((client) => client.unsubscribe(channel), this.#slowMs).catch(ignoreDown)
  }

  async close(): Promise<void> {
    this.#closing.abort(new LineDown('The line is closed.'))
    this.#firstUp.reject(new LineDown('The line is closed.'))
    await this.#life
  }

  async #ask<T>(command: (client: RedisClient) => Promise<T>, timeoutMs: number): Promise<T> {
    const client = this.#client
    if (!client || this.#isSuspect) throw new LineDown('Redis is not there.')
    try {
      return await this.#inTime(command(client), timeoutMs)
    } catch (error) {
      if (error instanceof LineDown) this.#isSuspect = true
      if (isAnswer(error) && !isState(error)) throw error
      throw error instanceof LineDown ? error : new LineDown('Redis cannot serve.', { cause: error })
    }
  }

  /** The one catch of the line: whatever ends a connection, the next one is tried. */
  async #live(): Promise<void> {
    const { clock, log } = this.#parts
    const { signal } = this.#closing
    let failures = 0
    let downSinceMs: number | undefined
    while (!signal.aborted) {
      const client = createRedisClient(this.#parts)
      client.on('error', () => {})
      try {
        await this.#connect(client)
        if (downSinceMs !== undefined)
          log.info('redis.line_up', { name: this.#parts.name, downMs: Math.round(clock.monotonicMs() - downSinceMs) })
        downSinceMs = undefined
        failures = 0
        await this.#watch(client)
      } catch (error) {
        failures++
        if (downSinceMs === undefined && !signal.aborted) log.warn('redis.line_down', { name: this.#parts.name, error })
        downSinceMs ??= clock.monotonicMs()
      } finally {
        this.#client = undefined
        if (client.isOpen) client.destroy()
      }
      await clock.wait(backoffMs(failures, retry), signal).catch(() => {})
    }
  }

  async #connect(client: RedisClient): Promise<void> {
    // A connection that is being made is given up with the line.
    const onClose = () => client.destroy()
    this.#closing.signal.addEventListener('abort', onClose, { once: true })
    try {
      await this.#inTime(client.connect(), deadMs)
      this.#serverRun = await this.#inTime(readRun(client), deadMs)
      for (const [channel, heard] of this.#channels) await this.#inTime(client.subscribe(channel, heard), deadMs)
    } finally {
      this.#closing.signal.removeEventListener('abort', onClose)
    }
    this.#closing.signal.throwIfAborted()
    this.#client = client
    this.#isSuspect = false
    this.#firstUp.resolve()
    this.#tellUp({ isNew: true })
  }

  async #watch(client: RedisClient): Promise<never> {
    const { clock } = this.#parts
    const broken = once(client, 'terminated').then(([error]) => Promise.reject(error))
    broken.catch(() => {})
    for (;;) {
      await Promise.race([clock.wait(pingEveryMs, this.#closing.signal), broken])
      const sentMs = clock.monotonicMs()
      await Promise.race([this.#inTime(client.sendCommand(['PING']), deadMs), broken])
      const wasSuspect = this.#isSuspect
      this.#isSuspect = clock.monotonicMs() - sentMs > this.#slowMs
      if (wasSuspect && !this.#isSuspect) this.#tellUp({ isNew: false })
    }
  }

  #tellUp(how: LineReturn): void {
    for (const act of [...this.#upListeners]) act(how)
  }

  #inTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#parts.clock.after(timeoutMs, () => {
        // After a halt of our own process the answer may lie there unread: it is read before this.
        setImmediate(() => reject(new LineDown(`Redis did not answer within ${timeoutMs} ms.`)))
      })
      answer.then(resolve, reject).finally(() => timer.cancel())
    })
  }
}

async function readRun(client: RedisClient): Promise<string> {
  try {
    const told = await client.sendCommand(['INFO', 'server'])
    return (typeof told === 'string' && /^run_id:(\w+)/m.exec(told)?.[1]) || ''
  } catch (error) {
    // Some hosters keep INFO to themselves.
    if (isAnswer(error) && !isState(error)) return ''
    throw error
  }
}

function ignoreDown(error: unknown): void {
  if (!(error instanceof LineDown)) throw error
}
