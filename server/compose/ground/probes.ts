/** What /ready asks: each part says nothing when it works, and throws what is wrong when it does not. */
export type Probes = Readonly<Record<string, (signal: AbortSignal) => Promise<void>>>
