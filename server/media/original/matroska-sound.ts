import type { Frame } from './matroska-blocks.ts'
import { type Film, framesOf, type Part, type Read, rowOf, type Sample, trackOf, write } from './matroska-part.ts'
import type { MatroskaTrack } from './matroska-tracks.ts'

/** How far sound may lie from the pictures that it is heard with: so many stretches before, so many bytes behind. */
const caps = { before: 3, steps: 8, stepBytes: 2 * 2 ** 20 }

/** A row of sound, cut where the pictures are. Undefined: not to be cut out, or it does not last as long as the pictures. */
export function soundOf(film: Film, sound: MatroskaTrack, told: { place: number; first: Read; last: Read }): Part | undefined {
  const { index, spans, originTicks, endTicks } = film
  const [heard, late] = [told.first, told.last].map(({ frames }) => frames.filter(({ track }) => track === sound.number))
  const [frame, final] = [heard?.[0], late?.at(-1)]
  const rate = sound.codec === 'A_OPUS' ? 48_000 : sound.sampleRate
  const track = trackOf({ ...sound, sampleRate: rate }, { timescale: rate, firstFrame: new Uint8Array() })
  if (!track || !frame || !final || !heard) return undefined
  const [beginsS, endsS] = [frame, final].map(({ time }, place) => (time - (place === 0 ? originTicks : endTicks)) / index.timescale)
  if ((beginsS ?? 1) > 0.1 || (endsS ?? -2) < -1) return undefined
  const clock = clockOf(film, sound, { rate, first: frame })
  const bytes = heard.reduce((sum, { start, end }) => sum + end - start, 0)
  const lengths = spans.map(({ from, to }) => ((to?.time ?? endTicks) - from.time) / index.timescale)
  const heardS = ((heard.at(-1)?.time ?? 0) - frame.time) / index.timescale
  const bandwidth = Math.ceil(((bytes * 8) / Math.max(0.1, heardS)) * 1.1)
  const row = rowOf(track, `s${told.place}`, { rate: 0, bandwidth: Math.ceil(bandwidth * 1.3), averageBandwidth: bandwidth, lengths })
  return (
    row && {
      row,
      track,
      async segment(number) {
        if (!spans[number]) return undefined
        const found = await find(film, { number, clock, own: ({ track: of, isWhole }) => of === sound.number && isWhole })
        return await write(track, found.samples, { number, ...found })
      },
    }
  )
}

type Clock = {
  /** Moments in samples of sound. Where its packets are known to be equally long, what the file has rounded is exact again. */
  shownOf(frame: Frame): number
  /** Where the film begins, and a tick of the file lies. */
  toSamples(ticks: number): number
  originSamples: number
  frameSamples: number
}

function clockOf({ index, originTicks }: Film, sound: MatroskaTrack, { rate, first }: { rate: number; first: Frame }): Clock {
  const toSamples = (ticks: number) => Math.round((ticks / index.timescale) * rate)
  const delay = Math.round((sound.delayNs / 1e9) * rate)
  const told = (sound.frameNs / 1e9) * rate
  const frameSamples = sound.codec === 'A_AAC' ? 1024 : Math.abs(told - Math.round(told)) < 0.01 ? Math.round(told) : 0
  const base = toSamples(first.time)
  return {
    ...{ toSamples, originSamples: toSamples(originTicks), frameSamples },
    shownOf({ time, lace }) {
      const raw = toSamples(time) + lace * frameSamples
      if (frameSamples === 0) return raw - delay
      const even = base + Math.round((raw - base) / frameSamples) * frameSamples
      // A tick of the file, and a half.
      return (Math.abs(even - raw) <= (1.5 * rate) / index.timescale ? even : raw) - delay
    },
  }
}

type Found = { samples: Sample[]; fromTicks: number; toTicks: number; bytes: Uint8Array }

/** The packets that are heard from one cut to the next. Files put them near the pictures, not beside them: looks before and behind until both ends are seen. */
async function find(film: Film, { number, clock, own }: { number: number; clock: Clock; own(frame: Frame): boolean }): Promise<Found> {
  const { readAt, spans, index } = film
  const [low, high] = [number, number + 1].map((place) => {
    const span = spans[place]
    return span && clock.toSamples(span.from.time)
  })
  let [before, until] = [0, spans[number]?.end ?? 0]
  for (let step = 0; step < caps.steps; step++) {
    const start = spans[Math.max(0, number - before)]?.start ?? 0
    const read = await framesOf(readAt, { start, end: until })
    const all = (read?.frames ?? []).filter(own).map((frame) => ({ ...frame, shown: clock.shownOf(frame) }))
    const from = all.findIndex(({ shown }) => shown >= (low ?? 0))
    const to = high === undefined ? all.length : all.findIndex(({ shown }) => shown >= high)
    const isBegun = from > 0 || number - before <= 0 || before >= caps.before
    const isEnded = to !== -1 || until >= index.end
    if (!isBegun) before++
    if (!isEnded) until = Math.min(index.end, until + caps.stepBytes)
    if (!isBegun || !isEnded) continue
    return found(all.slice(Math.max(0, from), to === -1 ? all.length : to), all[to], { clock, bytes: read?.bytes ?? new Uint8Array() })
  }
  throw new Error(`no sound was found for segment ${number}`)
}

function found(samples: Sample[], next: Sample | undefined, { clock, bytes }: { clock: Clock; bytes: Uint8Array }): Found {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) throw new Error('there is a hole in the sound')
  const lastLength = clock.frameSamples || last.shown - (samples.at(-2)?.shown ?? last.shown - 1)
  const toTicks = (next?.shown ?? last.shown + lastLength) - clock.originSamples
  return { samples, bytes, fromTicks: first.shown - clock.originSamples, toTicks }
}
