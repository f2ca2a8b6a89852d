import type { Bus, Subscription } from '#server/ports/bus.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import { randomUUID } from 'node:crypto'
import { type SeatLimits, Seats, type SeatWord, type Sitting } from './seats.ts'

type Parts = { limits: () => SeatLimits; bus: Pick<Bus, 'publish' | 'subscribe'>; clock: Clock; log: Pick<Log, 'warn'> }
export type SharedSeats = ReturnType<typeof createSharedSeats>

type Word = { from: string } & ({ sits: SeatWord } | { left: string } | { ended: string })

const topic = 'streaming.seats'
/** Three times a lease. */
const sayEveryMs = 10_000

/**
 * [ST4] The seats of this process, and by word of the others those of people who watch through them: a person's limit holds across all. Words are
 * hints; a seat of which nothing more is heard is free after its lease.
 */
export function createSharedSeats({ limits, bus, clock, log }: Parts) {
  const seats = new Seats(limits)
  const self = randomUUID()
  const saidMs = new Map<string, number>()
  let timer: { cancel(): void } | undefined

  const publish = (word: { sits: SeatWord } | { left: string } | { ended: string }) =>
    void bus.publish(topic, { from: self, ...word }).catch((error: unknown) => log.warn('streaming.seat_not_told', { error }))

  const subscribing: Promise<Subscription | undefined> = bus
    .subscribe(topic, (message) => {
      const word = message as Word
      if (word.from === self) return
      if ('sits' in word) seats.hear(word.sits, clock.now())
      else if ('left' in word) seats.hearLeft(word.left, clock.now())
      else seats.endOf(word.ended, clock.now())
    })
    .catch((error: unknown) => {
      log.warn('streaming.seats_not_heard', { error })
      return undefined
    })

  const isLongSilent = (name: string, nowMs: number) => nowMs - (saidMs.get(name) ?? Number.NEGATIVE_INFINITY) >= sayEveryMs

  function say(name: string): void {
    const word = seats.wordOf(name)
    if (!word) return void saidMs.delete(name)
    saidMs.set(name, clock.now())
    publish({ sits: word })
  }

  /** A long response makes no requests by which others would hear of it. */
  function sayAgain(): void {
    timer = clock.after(sayEveryMs, () => {
      timer = undefined
      for (const [name, atMs] of saidMs) if (clock.now() - atMs > 6 * sayEveryMs) saidMs.delete(name)
      const open = seats.openHere()
      for (const name of open) say(name)
      if (open.length > 0) sayAgain()
    })
  }

  return {
    take(name: string, sitting: Omit<Sitting, 'nowMs'>) {
      const nowMs = clock.now()
      const taken = seats.take(name, { ...sitting, nowMs })
      if (taken !== 'taken') return taken
      if (sitting.isOpen || isLongSilent(name, nowMs)) say(name)
      if (sitting.isOpen && !timer) sayAgain()
      return taken
    },

    /** What each request of a playback does. False: it has no seat here. */
    renew(name: string): boolean {
      const nowMs = clock.now()
      if (!seats.renew(name, nowMs)) return false
      if (isLongSilent(name, nowMs)) say(name)
      return true
    },

    leave(name: string): void {
      const isKnown = seats.wordOf(name) !== undefined
      seats.leave(name)
      saidMs.delete(name)
      if (isKnown) publish({ left: name })
    },

    list: (person: string) => seats.list(person, clock.now()),

    /** Wherever it is. False: this person has no such seat. */
    end(person: string, id: string): boolean {
      const name = seats.end(person, id, clock.now())
      if (name !== undefined) publish({ ended: name })
      return name !== undefined
    },

    figures: () => seats.figures(clock.now()),

    async close(): Promise<void> {
      timer?.cancel()
      await (await subscribing)?.end()
    },
  }
}
