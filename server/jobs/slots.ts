import { Cron } from 'croner'
import type { Recurring } from './task-kind.ts'

/** The calendar of one chore, without a clock: when it is due. A slot is an instant, also where the zone moves its clocks. */
export type Slots = {
  /** The last slot that has come. */
  latest(nowMs: number): number | undefined
  next(nowMs: number): number | undefined
  /** What makes two calendars the same. */
  readonly pattern: string
}

export function createSlots({ cron, timeZone }: Pick<Recurring, 'cron' | 'timeZone'>, defaultZone: string): Slots {
  const zone = timeZone ?? defaultZone
  Intl.DateTimeFormat('en', { timeZone: zone }) // throws where there is no such zone; the library would only when it is asked
  const calendar = new Cron(cron, { timezone: zone })
  return {
    pattern: `${cron} ${zone}`,
    latest(nowMs) {
      // The library looks strictly before its reference, by whole seconds.
      const past = calendar.previousRuns(3, new Date(nowMs + 1000))
      return past.map((slot) => slot.getTime()).find((slotMs) => slotMs <= nowMs)
    },
    next: (nowMs) => calendar.nextRun(new Date(nowMs))?.getTime(),
  }
}
