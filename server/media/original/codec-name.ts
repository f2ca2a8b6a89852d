import { configOf } from './sample-entry.ts'

/** How browsers call what a stream is coded in (RFC 6381), and whether every one of them plays it. */
export type CodecName = { codec: string; isUniversal: boolean }

/** From a plain sample entry. Undefined: no browser plays it. */
export function codecName(entry: Uint8Array): CodecName | undefined {
  const kind = String.fromCharCode(...entry.subarray(4, 8))
  switch (kind) {
    case 'avc1':
    case 'avc3':
      return avcName(kind, configOf(entry, 'video', 'avcC'))
    case 'hvc1':
    case 'hev1':
      return hevcName(kind, configOf(entry, 'video', 'hvcC'))
    case 'av01':
      return av1Name(configOf(entry, 'video', 'av1C'))
    case 'vp09':
      return vp9Name(configOf(entry, 'video', 'vpcC'))
    case 'mp4a':
      return soundName(configOf(entry, 'sound', 'esds'))
    case 'Opus':
      return { codec: 'opus', isUniversal: false }
    case 'fLaC':
      return { codec: 'fLaC', isUniversal: false }
    default:
      return undefined
  }
}

const hex = (value: number, length = 2) => value.toString(16).padStart(length, '0')
const two = (value: number) => String(value).padStart(2, '0')

/** Eight bits a colour, the colours at half the size: what every decoder has. */
const universalProfiles = [66, 77, 100]

function avcName(kind: string, avcC: Uint8Array | undefined): CodecName | undefined {
  const [, profile = 0, constraints = 0, level = 0] = avcC ?? []
  if (profile === 0) return undefined
  return { codec: `${kind}.${hex(profile)}${hex(constraints)}${hex(level)}`, isUniversal: universalProfiles.includes(profile) }
}

/** ISO/IEC 14496-15, annex E.3. */
function hevcName(kind: string, hvcC: Uint8Array | undefined): CodecName | undefined {
  if (!hvcC || hvcC.length < 13) return undefined
  const view = new DataView(hvcC.buffer, hvcC.byteOffset, hvcC.byteLength)
  const first = view.getUint8(1)
  const space = ['', 'A', 'B', 'C'][first >> 6] ?? ''
  let compatible = 0
  for (let bit = 0; bit < 32; bit++) if ((view.getUint32(2) >>> bit) & 1) compatible |= 1 << (31 - bit)
  const constraints = [...hvcC.subarray(6, 12)]
  while (constraints.length > 1 && constraints.at(-1) === 0) constraints.pop()
  const words = [
    ...[kind, `${space}${first & 31}`, (compatible >>> 0).toString(16).toUpperCase()],
    `${first & 32 ? 'H' : 'L'}${view.getUint8(12)}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ]
  return { codec: words.join('.'), isUniversal: false }
}

function av1Name(av1C: Uint8Array | undefined): CodecName | undefined {
  const [, first = 0, second = 0] = av1C ?? []
  if (!av1C) return undefined
  const depth = second & 0x40 ? (second & 0x20 ? 12 : 10) : 8
  return { codec: `av01.${first >> 5}.${two(first & 31)}${second & 0x80 ? 'H' : 'M'}.${two(depth)}`, isUniversal: false }
}

function vp9Name(vpcC: Uint8Array | undefined): CodecName | undefined {
  const [, , , , profile = 0, level = 0, depth = 0] = vpcC ?? []
  return vpcC && { codec: `vp09.${two(profile)}.${two(level)}.${two(depth >> 4)}`, isUniversal: false }
}

/** The kind of sound stands in descriptors within descriptors: ISO/IEC 14496-1, 7.2.6. */
function soundName(esds: Uint8Array | undefined): CodecName | undefined {
  const config = esds && descriptor(descriptor(esds.subarray(4), 3)?.subarray(3), 4)
  if (!config) return undefined
  const object = config[0] ?? 0
  if (object === 0x6b || object === 0x69) return { codec: 'mp4a.6b', isUniversal: false }
  if (object !== 0x40) return undefined
  const [first = 0, second = 0] = descriptor(config.subarray(13), 5) ?? []
  const type = first >> 3
  return { codec: `mp4a.40.${type === 31 ? 32 + (((first & 7) << 3) | (second >> 5)) : type}`, isUniversal: [2, 5, 29].includes(type) }
}

/** The content of the first descriptor, if it is of this kind. */
function descriptor(bytes: Uint8Array | undefined, kind: number): Uint8Array | undefined {
  if (!bytes || bytes[0] !== kind) return undefined
  let [at, length] = [1, 0]
  for (; at < 5; at++) {
    const byte = bytes[at] ?? 0
    length = length * 128 + (byte & 0x7f)
    if (byte < 0x80) break
  }
  return bytes.subarray(at + 1, at + 1 + length)
}
