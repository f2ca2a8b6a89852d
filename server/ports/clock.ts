/** Time, so that tests can hold it. Wall time is stored and shown; intervals are measured by `monotonicMs`. */
export interface Clock {
  now(): number
  monotonicMs(): number
  /** Ends early, by rejecting with the signal's reason, when `signal` is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `act` once, after `ms`. Never keeps the process alive. */
  after(ms: number, act: () => void): { cancel(): void }
}
