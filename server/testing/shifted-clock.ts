import { systemClock } from '#server/adapters/clock/system-clock.ts'
import type { Clock } from '#server/ports/clock.ts'

/** The clock of the machine, on another hour: what waits for its hour need not be waited for. */
export function createShiftedClock(): Clock & { shift(ms: number): void } {
  let shiftedMs = 0
  return {
    ...systemClock,
    now: () => systemClock.now() + shiftedMs,
    shift(ms) {
      shiftedMs += ms
    },
  }
}
