/** What the socket asks of the world: the browser's own, Node's, or a test's. */
export interface Environment {
  WebSocket: WebSocketMaker
  fetch: typeof globalThis.fetch
  /** Milliseconds that only grow. */
  nowMs(): number
  after(ms: number, act: () => void): { cancel(): void }
  /** 0 to 1. */
  chance(): number
  /** A fault of our own page. */
  report(error: unknown): void
  isOnline(): boolean
  /** Called when the network is back, the page is looked at again, or the machine has slept: anything may have happened to the line. */
  onWake(woken: () => void): { end(): void }
}

export type WebSocketMaker = new (url: string, protocols: string[]) => WebSocketLike

export interface WebSocketLike {
  /** As browsers count: 0 dialling, 1 open, 2 closing, 3 closed. */
  readonly readyState: number
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  onerror: (() => void) | null
  send(text: string): void
  close(code?: number): void
}

export function browserEnvironment(): Environment {
  return {
    WebSocket: globalThis.WebSocket as unknown as WebSocketMaker,
    fetch: (input, init) => globalThis.fetch(input, init),
    nowMs: () => performance.now(),
    after(ms, act) {
      const timer = setTimeout(act, ms)
      return { cancel: () => clearTimeout(timer) }
    },
    chance: Math.random,
    report: (error) => (typeof globalThis.reportError === 'function' ? globalThis.reportError(error) : console.error(error)),
    // Node has no opinion; a browser that says "online" may be wrong, one that says "offline" is not.
    isOnline: () => globalThis.navigator?.onLine !== false,
    onWake(woken) {
      if (typeof globalThis.addEventListener !== 'function' || typeof globalThis.document === 'undefined') return { end() {} }
      const seen = () => {
        if (document.visibilityState === 'visible') woken()
      }
      globalThis.addEventListener('online', woken)
      globalThis.addEventListener('offline', woken)
      globalThis.addEventListener('pageshow', woken)
      document.addEventListener('visibilitychange', seen)
      return {
        end() {
          globalThis.removeEventListener('online', woken)
          globalThis.removeEventListener('offline', woken)
          globalThis.removeEventListener('pageshow', woken)
          document.removeEventListener('visibilitychange', seen)
        },
      }
    },
  }
}
