import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'

/** Says nothing when the part works, throws what is wrong when it does not. */
export type Probe = (signal: AbortSignal) => Promise<void>
export type PartState = { part: string; isReady: boolean; reason: string; ms: number }
export type Readiness = { look(): Promise<{ isReady: boolean; parts: PartState[] }>; beginDraining(): void; readonly isDraining: boolean }

const patienceMs = 2000
/** Asked more often than this, the last answer holds: probes must not become load. */
const freshMs = 1000

export function createReadiness(parts: { probes: Readonly<Record<string, Probe>>; clock: Clock; log: Log }): Readiness {
  const { probes, clock, log } = parts
  let isDraining = false
  let last: { atMs: number; states: Promise<PartState[]> } | undefined
  const wasReady = new Map<string, boolean>()

  const lookAt = async ([part, probe]: [string, Probe]): Promise<PartState> => {
    const beganMs = clock.monotonicMs()
    const reason = await ask(probe, clock)
    const isReady = reason === ''
    if (wasReady.get(part) !== isReady && !(isReady && !wasReady.has(part)))
      log[isReady ? 'info' : 'error']('http.part_changed', { part, isReady, reason })
    wasReady.set(part, isReady)
    return { part, isReady, reason, ms: Math.round(clock.monotonicMs() - beganMs) }
  }

  return {
    async look() {
      const nowMs = clock.monotonicMs()
      if (!last || nowMs - last.atMs >= freshMs) last = { atMs: nowMs, states: Promise.all(Object.entries(probes).map(lookAt)) }
      const states = [...(await last.states)]
      if (isDraining) states.push({ part: 'process', isReady: false, reason: 'It is shutting down.', ms: 0 })
      return { isReady: states.every((state) => state.isReady), parts: states }
    },
    beginDraining() {
      isDraining = true
    },
    get isDraining() {
      return isDraining
    },
  }
}

async function ask(probe: Probe, clock: Clock): Promise<string> {
  const late = new AbortController()
  const overdue = Promise.withResolvers<string>()
  const timer = clock.after(patienceMs, () => {
    late.abort(new Error('late'))
    overdue.resolve(`No answer in ${patienceMs} ms.`)
  })
  try {
    return await Promise.race([probe(late.signal).then(() => ''), overdue.promise])
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error)
  } finally {
    timer.cancel()
  }
}
