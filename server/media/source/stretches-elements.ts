import type { ByteRange } from '#server/lib/byte-ranges.ts'
import { type Element, readElement } from '../original/elements.ts'
import type { ReadAt } from './read-at.ts'
import { gathered, openingBytes, type Stretches } from './stretches.ts'

const ids = { segment: 0x18538067, seekHead: 0x114d9b74, seek: 0x4dbb, seekPosition: 0x53ac }
const parts = { info: 0x1549a966, scale: 0x2ad7b1, cluster: 0x1f43b675, cues: 0x1c53bb6b, tracks: 0x1654ae6b }
const trackIds = { entry: 0xae, number: 0xd7, type: 0x83 }
const cueIds = { point: 0xbb, time: 0xb3, positions: 0xb7, track: 0xf7, cluster: 0xf1 }
const caps = { elements: 200, cuesBytes: 64 * 2 ** 20, cues: 500_000 }
const margin = { beforeS: 1, afterS: 4 }

type Cue = { timeS: number; at: number }

/** Of a Matroska or WebM file with cues: the places of its clusters. */
export async function stretchesOfElements(readAt: ReadAt, size: number): Promise<Stretches | undefined> {
  const ebml = await readElement(readAt, 0, size)
  const segment = ebml && (await readElement(readAt, ebml.end, size))
  if (segment?.id !== ids.segment) return undefined
  const outline = await outlineOf(readAt, segment)
  if (!outline) return undefined
  const cues = await readCues(readAt, outline)
  const [first] = cues
  if (!first) return undefined
  const opening: ByteRange[] = [
    ...[{ start: 0, end: outline.firstCluster + openingBytes }],
    ...outline.elsewhere.map(({ start, end }) => ({ start, end })),
    // Where FFmpeg looks whether there is more.
    { start: Math.max(0, size - 2 ** 16), end: size },
  ]
  return {
    opening: gathered(opening, size),
    between(fromS, toS) {
      const before = cues.findLast(({ timeS }) => timeS <= fromS - margin.beforeS) ?? { at: outline.firstCluster }
      const after = cues.findIndex(({ timeS }) => timeS >= toS + margin.afterS)
      const behind = after === -1 ? undefined : cues.slice(after).find(({ at }) => at > (cues[after]?.at ?? 0))
      return gathered([{ start: before.at, end: behind?.at ?? segment.end }], size)
    },
  }
}

type Outline = Omit<Element, 'isUnknown'>
type Parts = { body: number; scaleS: number; lead: number | undefined; firstCluster: number; cues: Outline; elsewhere: Outline[] }

/** What stands before the first cluster, and what the head says stands elsewhere. */
async function outlineOf(readAt: ReadAt, segment: Outline): Promise<Parts | undefined> {
  const told: number[] = []
  let scaleS = 0.001
  let lead: number | undefined
  let firstCluster: number | undefined
  let at = segment.content
  for (let seen = 0; at < segment.end && seen < caps.elements; seen++) {
    const element = await readElement(readAt, at, segment.end)
    if (!element) return undefined
    if (element.id === parts.cluster) firstCluster = element.start
    if (firstCluster !== undefined) break
    if (element.id === ids.seekHead) told.push(...(await placesIn(readAt, element)))
    if (element.id === parts.info) scaleS = ((await numberIn(readAt, element, parts.scale)) ?? 1_000_000) / 1e9
    if (element.id === parts.tracks) lead = await leadIn(readAt, element)
    at = element.end
  }
  if (firstCluster === undefined) return undefined
  const elsewhere: Outline[] = []
  for (const place of told) {
    const element = await readElement(readAt, segment.content + place, segment.end)
    if (element && element.id !== parts.cluster) elsewhere.push(element)
  }
  const cues = elsewhere.find(({ id }) => id === parts.cues)
  return cues && { body: segment.content, scaleS, lead, firstCluster, cues, elsewhere }
}

async function placesIn(readAt: ReadAt, head: Outline): Promise<number[]> {
  const places: number[] = []
  for (const seek of await childrenOf(readAt, head)) {
    const place = seek.id === ids.seek ? await numberIn(readAt, seek, ids.seekPosition) : undefined
    if (place !== undefined) places.push(place)
  }
  return places
}

/** The track by which FFmpeg seeks: the first of pictures, else the first of sound. */
async function leadIn(readAt: ReadAt, tracks: Outline): Promise<number | undefined> {
  const found: { number: number | undefined; type: number | undefined }[] = []
  for (const entry of await childrenOf(readAt, tracks))
    if (entry.id === trackIds.entry)
      found.push({ number: await numberIn(readAt, entry, trackIds.number), type: await numberIn(readAt, entry, trackIds.type) })
  return (found.find(({ type }) => type === 1) ?? found.find(({ type }) => type === 2))?.number
}

/** Those of the track by which FFmpeg seeks, in the order of time. */
async function readCues(readAt: ReadAt, { body, scaleS, cues, lead }: Parts): Promise<Cue[]> {
  if (cues.end - cues.content > caps.cuesBytes) return []
  const bytes = await readAt(cues.content, cues.end - cues.content)
  const inside: ReadAt = (start, length) => Promise.resolve(bytes.subarray(start, start + length))
  const whole = { id: parts.cues, start: 0, content: 0, end: bytes.length }
  const found: Cue[] = []
  for (const point of (await childrenOf(inside, whole)).slice(0, caps.cues)) {
    if (point.id !== cueIds.point) continue
    const time = await numberIn(inside, point, cueIds.time)
    for (const positions of await childrenOf(inside, point)) {
      if (positions.id !== cueIds.positions || time === undefined) continue
      const at = await numberIn(inside, positions, cueIds.cluster)
      if (at !== undefined && (await numberIn(inside, positions, cueIds.track)) === lead)
        found.push({ timeS: time * scaleS, at: body + at })
    }
  }
  return found.sort((a, b) => a.timeS - b.timeS || a.at - b.at)
}

async function childrenOf(readAt: ReadAt, { content, end }: Outline): Promise<Outline[]> {
  const children: Outline[] = []
  for (let at = content; at < end; ) {
    const child = await readElement(readAt, at, end)
    if (!child) break
    children.push(child)
    at = child.end
  }
  return children
}

async function numberIn(readAt: ReadAt, parent: Outline, id: number): Promise<number | undefined> {
  const child = (await childrenOf(readAt, parent)).find((one) => one.id === id)
  if (!child || child.end - child.content > 8) return undefined
  const bytes = await readAt(child.content, child.end - child.content)
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}
