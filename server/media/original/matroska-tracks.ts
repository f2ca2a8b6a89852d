import type { ReadAt } from '../source/read-at.ts'
import { elementsIn, ids, readElement, toFloat, toNumber, toText, type Element } from './elements.ts'
import type { Coding } from './matroska-entry.ts'

/** One stream of a Matroska file as its head describes it. */
export type MatroskaTrack = Coding & {
  /** Its place among the file's streams, and how blocks call it. */
  index: number
  number: number
  kind: 'video' | 'sound' | 'other'
  language: string
  /** What its decoder swallows at the beginning, and how long each of its frames is; 0: not said. Nanoseconds. */
  delayNs: number
  frameNs: number
  /** Its bytes, or its picture, are not as they would be shown: packed, ciphered, cropped or turned. */
  isBent: boolean
}

/** Where a film may be entered. `offset` is where the block lies in its cluster, if that is said. */
export type Cue = { time: number; cluster: number; offset: number | undefined }

export type MatroskaIndex = {
  /** Ticks a second of its clusters, blocks and cues. */
  timescale: number
  tracks: MatroskaTrack[]
  /** Of the first video stream, in their order. */
  cues: Cue[]
  end: number
}

const caps = { elements: 1000, part: 64 * 2 ** 20, tracks: 64, cues: 500_000 }

/** [T1] What stands before the first cluster, and the cues wherever they lie. Undefined: there is no index, or it is none that can be used. */
export async function readMatroskaIndex(readAt: ReadAt, size: number): Promise<MatroskaIndex | undefined> {
  const head = await readElement(readAt, 0, size)
  const segment = head?.id === ids.ebml ? await readElement(readAt, head.end, size) : undefined
  if (segment?.id !== ids.segment) return undefined
  const parts = await findParts(readAt, segment)
  const [info, tracks, cues] = await Promise.all([ids.info, ids.tracks, ids.cues].map((id) => wholeOf(readAt, parts.get(id))))
  if (!tracks || !cues) return undefined
  const scaleNs = numberIn(info, 0x2ad7b1) ?? 1_000_000
  if (scaleNs < 1000 || 1e9 % scaleNs !== 0) return undefined
  const list = tracksIn(tracks)
  const video = list.find(({ kind }) => kind === 'video')
  if (list.length > caps.tracks || !video) return undefined
  return { timescale: 1e9 / scaleNs, tracks: list, cues: cuesIn(cues, video.number, segment.content), end: segment.end }
}

async function findParts(readAt: ReadAt, segment: Element): Promise<Map<number, Element>> {
  const parts = new Map<number, Element>()
  for (let at = segment.content, seen = 0; at < segment.end && seen < caps.elements; seen++) {
    const element = await readElement(readAt, at, segment.end)
    if (!element || element.id === ids.cluster) break
    parts.set(element.id, element)
    at = element.end
  }
  const list = await wholeOf(readAt, parts.get(ids.seekHead))
  for (const seek of list ? elementsIn(list) : []) {
    const inside = list?.subarray(seek.content, seek.end)
    const [id, place] = [numberIn(inside, 0x53ab), numberIn(inside, 0x53ac)]
    if (id === undefined || place === undefined || parts.has(id)) continue
    const element = await readElement(readAt, segment.content + place, segment.end)
    if (element?.id === id) parts.set(id, element)
  }
  return parts
}

async function wholeOf(readAt: ReadAt, part: Element | undefined): Promise<Uint8Array | undefined> {
  if (!part || part.end - part.content > caps.part) return undefined
  const bytes = await readAt(part.content, part.end - part.content)
  return bytes.length === part.end - part.content ? bytes : undefined
}

function childIn(bytes: Uint8Array | undefined, id: number): Element | undefined {
  if (!bytes) return undefined
  for (const element of elementsIn(bytes)) if (element.id === id) return element
  return undefined
}

function numberIn(bytes: Uint8Array | undefined, id: number): number | undefined {
  const element = childIn(bytes, id)
  return bytes && element && toNumber(bytes, element)
}

const inside = (bytes: Uint8Array, id: number) => {
  const element = childIn(bytes, id)
  return element ? bytes.subarray(element.content, element.end) : new Uint8Array()
}

function tracksIn(bytes: Uint8Array): MatroskaTrack[] {
  const entries = [...elementsIn(bytes)].filter(({ id }) => id === 0xae)
  return entries.map((entry, index) => toTrack(bytes.subarray(entry.content, entry.end), index))
}

function toTrack(entry: Uint8Array, index: number): MatroskaTrack {
  const text = (id: number) => {
    const element = childIn(entry, id)
    return element ? toText(entry, element) : undefined
  }
  const [video, sound] = [inside(entry, 0xe0), inside(entry, 0xe1)]
  const [width, height] = [numberIn(video, 0xb0) ?? 0, numberIn(video, 0xba) ?? 0]
  const rate = childIn(sound, 0xb5)
  const cropped = [0x54aa, 0x54bb, 0x54cc, 0x54dd].some((id) => (numberIn(video, id) ?? 0) > 0)
  return {
    index,
    number: numberIn(entry, 0xd7) ?? 0,
    kind: { 1: 'video' as const, 2: 'sound' as const }[numberIn(entry, 0x83) ?? 0] ?? 'other',
    language: /^[a-z]{3}$/.exec(text(0x22b59c) ?? 'eng')?.[0] ?? 'und',
    delayNs: numberIn(entry, 0x56aa) ?? 0,
    frameNs: numberIn(entry, 0x23e383) ?? 0,
    isBent: childIn(entry, 0x6d80) !== undefined || cropped || childIn(video, 0x7670) !== undefined,
    codec: text(0x86) ?? '',
    config: Uint8Array.from(inside(entry, 0x63a2)),
    ...{ width, height, ...shownSize(video, { width, height }) },
    colour: colourIn(inside(video, 0x55b0)),
    channels: numberIn(sound, 0x9f) ?? 1,
    sampleRate: rate ? Math.round(toFloat(sound, rate)) : 8000,
  }
}

/** In pixels, or as a shape alone: then as high as it is stored. */
function shownSize(video: Uint8Array, { width, height }: { width: number; height: number }) {
  const [wide, tall, unit] = [numberIn(video, 0x54b0) ?? width, numberIn(video, 0x54ba) ?? height, numberIn(video, 0x54b2) ?? 0]
  if (unit === 3 && tall > 0) return { shownWidth: Math.round((height * wide) / tall), shownHeight: height }
  return unit === 0 && wide > 0 && tall > 0 ? { shownWidth: wide, shownHeight: tall } : { shownWidth: width, shownHeight: height }
}

function colourIn(bytes: Uint8Array): Coding['colour'] {
  const [primaries, transfer, matrix] = [0x55bb, 0x55ba, 0x55b1].map((id) => numberIn(bytes, id))
  if (primaries === undefined || transfer === undefined || matrix === undefined) return undefined
  return { primaries, transfer, matrix, isFull: numberIn(bytes, 0x55b9) === 2 }
}

function cuesIn(bytes: Uint8Array, track: number, base: number): Cue[] {
  const cues: Cue[] = []
  for (const point of elementsIn(bytes)) {
    if (point.id !== 0xbb || cues.length >= caps.cues) continue
    const told = bytes.subarray(point.content, point.end)
    const time = numberIn(told, 0xb3)
    for (const place of elementsIn(told)) {
      if (place.id !== 0xb7 || time === undefined) continue
      const at = told.subarray(place.content, place.end)
      const cluster = numberIn(at, 0xf1)
      if (numberIn(at, 0xf7) !== track || cluster === undefined) continue
      // Times and places go up together, or they are not believed.
      const last = cues.at(-1)
      if (last && (time <= last.time || base + cluster < last.cluster)) continue
      cues.push({ time, cluster: base + cluster, offset: numberIn(at, 0xf0) })
    }
  }
  return cues
}
