import { box, fullBox, numbers32, viewOf, zeros } from './boxes.ts'

/** How a stream of a Matroska file is coded, in its own words. */
export type Coding = {
  codec: string
  /** What the codec says of itself. */
  config: Uint8Array
  width: number
  height: number
  /** Of the picture as it is shown. */
  shownWidth: number
  shownHeight: number
  /** Primaries, transfer, matrix as ISO/IEC 23091-2 numbers them, and whether all values are used. */
  colour: { primaries: number; transfer: number; matrix: number; isFull: boolean } | undefined
  channels: number
  sampleRate: number
}

/** The same in the words of an MP4 file (its sample entry). Undefined: no browser plays it from there. */
export function entryOf(coding: Coding, firstFrame: Uint8Array): Uint8Array | undefined {
  const { codec, config } = coding
  switch (codec) {
    case 'V_MPEG4/ISO/AVC':
      return config.length > 6 ? pictureEntry('avc1', coding, box('avcC', config)) : undefined
    case 'V_MPEGH/ISO/HEVC':
      return config.length > 22 ? pictureEntry('hvc1', coding, box('hvcC', config)) : undefined
    case 'V_AV1':
      return config.length >= 4 ? pictureEntry('av01', coding, box('av1C', config)) : undefined
    case 'V_VP9': {
      const described = vp9Config(coding, firstFrame)
      return described && pictureEntry('vp09', coding, fullBox('vpcC', 1, 0, described))
    }
    case 'A_AAC':
      return config.length >= 2 && config.length < 64
        ? soundEntry('mp4a', coding, fullBox('esds', 0, 0, aacDescriptors(config)))
        : undefined
    case 'A_OPUS': {
      const described = opusConfig(config)
      return described && soundEntry('Opus', { ...coding, sampleRate: 48_000 }, box('dOps', described))
    }
    case 'A_FLAC': {
      const described = flacConfig(config)
      return described && soundEntry('fLaC', coding, fullBox('dfLa', 0, 0, described))
    }
    default:
      return undefined
  }
}

/** ISO/IEC 14496-12, 12.1.3. */
function pictureEntry(kind: string, coding: Coding, config: Uint8Array): Uint8Array {
  const { width, height, shownWidth, shownHeight, colour } = coding
  const fixed = zeros(78)
  const view = viewOf(fixed)
  view.setUint16(6, 1)
  view.setUint16(24, width)
  view.setUint16(26, height)
  for (const at of [28, 32]) view.setUint32(at, 0x48_0000)
  view.setUint16(40, 1)
  view.setUint16(74, 24)
  view.setInt16(76, -1)
  const [wide, tall] = [shownWidth * height, shownHeight * width]
  const shape = wide === tall ? [] : [box('pasp', numbers32(...lowest(wide, tall)))]
  return box(kind, fixed, config, ...shape, ...(colour ? [colourBox(colour)] : []))
}

function lowest(a: number, b: number): [number, number] {
  let [x, y] = [a, b]
  while (y > 0) [x, y] = [y, x % y]
  return [a / x, b / x]
}

function colourBox({ primaries, transfer, matrix, isFull }: NonNullable<Coding['colour']>): Uint8Array {
  const bytes = zeros(7)
  const view = viewOf(bytes)
  for (const [place, value] of [primaries, transfer, matrix].entries()) view.setUint16(place * 2, value)
  view.setUint8(6, isFull ? 0x80 : 0)
  return box('colr', new TextEncoder().encode('nclx'), bytes)
}

/** ISO/IEC 14496-12, 12.2.3. */
function soundEntry(kind: string, { channels, sampleRate }: Pick<Coding, 'channels' | 'sampleRate'>, config: Uint8Array): Uint8Array {
  const fixed = zeros(28)
  const view = viewOf(fixed)
  view.setUint16(6, 1)
  view.setUint16(16, channels)
  view.setUint16(18, 16)
  if (sampleRate < 65_536) view.setUint32(24, sampleRate * 65_536)
  return box(kind, fixed, config)
}

/** Descriptors within descriptors: ISO/IEC 14496-1, 7.2.6. */
function aacDescriptors(config: Uint8Array): Uint8Array {
  const part = (kind: number, ...parts: readonly Uint8Array[]) => {
    const content = Buffer.concat(parts)
    return Buffer.concat([Uint8Array.of(kind, content.length), content])
  }
  const decoder = part(4, Uint8Array.of(0x40, 0x15, ...Array.from({ length: 11 }, () => 0)), part(5, config))
  return part(3, Uint8Array.of(0, 0, 0), decoder, part(6, Uint8Array.of(2)))
}

/** The codec's own head has its numbers the other way round: RFC 7845, 5.1, and "Encapsulation of Opus in ISO Base Media", 4.3.2. */
function opusConfig(head: Uint8Array): Uint8Array | undefined {
  if (head.length < 19 || new TextDecoder('latin1').decode(head.subarray(0, 8)) !== 'OpusHead') return undefined
  const from = viewOf(head)
  const family = from.getUint8(18)
  const bytes = zeros(11 + (family === 0 ? 0 : head.length - 19))
  const to = viewOf(bytes)
  to.setUint8(1, from.getUint8(9))
  to.setUint16(2, from.getUint16(10, true))
  to.setUint32(4, from.getUint32(12, true))
  to.setInt16(8, from.getInt16(16, true))
  to.setUint8(10, family)
  if (family !== 0) bytes.set(head.subarray(19), 11)
  return bytes
}

/** The first block of facts alone, marked as the last. */
function flacConfig(config: Uint8Array): Uint8Array | undefined {
  const at = new TextDecoder('latin1').decode(config.subarray(0, 4)) === 'fLaC' ? 4 : 0
  const facts = config.slice(at, at + 38)
  if (facts.length < 38 || ((facts[0] ?? 0) & 0x7f) !== 0) return undefined
  facts[0] = 0x80
  return facts
}

/** Levels of VP9 by the pixels of a picture; its rate is not asked, the next larger one is said. */
const vp9Levels = [
  ...([
    [36_864, 10],
    [73_728, 11],
    [122_880, 20],
    [245_760, 21],
    [552_960, 30],
    [983_040, 31],
  ] as const),
  ...([
    [2_228_224, 41],
    [8_912_896, 51],
  ] as const),
]

/** What the head of its first frame says ("VP9 Bitstream Specification", 6.2), as "VP Codec ISO Media File Format Binding" writes it down. */
function vp9Config({ width, height, colour }: Coding, frame: Uint8Array): Uint8Array | undefined {
  let at = 0
  const bits = (count: number) => {
    let value = 0
    for (let i = 0; i < count; i++, at++) value = value * 2 + (((frame[at >> 3] ?? 0) >> (7 - (at & 7))) & 1)
    return value
  }
  if (bits(2) !== 2) return undefined
  const profile = bits(1) + bits(1) * 2
  if (profile === 3) bits(1)
  const [isShownAgain, isInter] = [bits(1), bits(1)]
  bits(2)
  if (isShownAgain || isInter || bits(24) !== 0x49_8342) return undefined
  const depth = profile >= 2 ? (bits(1) ? 12 : 10) : 8
  const isRgb = bits(3) === 7
  const isFull = isRgb ? 1 : bits(1)
  const [across, down] = isRgb ? [0, 0] : profile === 1 || profile === 3 ? [bits(1), bits(1)] : [1, 1]
  const chroma = across && down ? 1 : across ? 2 : 3
  const level = vp9Levels.find(([pixels]) => width * height <= pixels)?.[1] ?? 61
  const { primaries = 1, transfer = 1, matrix = 1 } = colour ?? {}
  return Uint8Array.of(profile, level, (depth << 4) | (chroma << 1) | isFull, primaries, transfer, isRgb ? 0 : matrix, 0, 0)
}
