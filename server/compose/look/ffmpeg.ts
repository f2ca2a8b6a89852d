import { environment } from '#server/config/environment.ts'
import { probeDecoders } from '#server/media/command/decoders.ts'
import { type Abilities, abilitiesOf, readingOf } from '#server/media/tool/abilities.ts'
import { openSeal } from '#server/media/tool/seal.ts'
import { stateOfFfmpeg } from '../ffmpeg.ts'
import type { Sight } from './sight.ts'

/** What no film can do without: its pictures, its sound, its files. */
const needed = {
  encoders: ['libx264', 'aac'],
  decoders: ['h264', 'aac'],
  filters: ['scale', 'fps', 'aresample', 'bwdif'],
  muxers: ['hls', 'mp4'],
  demuxers: ['matroska,webm', 'mov,mp4,m4a,3gp,3g2,mj2'],
}
/** Without these some films are refused, with their reason. */
const common = { 'HEVC (phones)': ['hevc'], AV1: ['libdav1d', 'libaom-av1'], VP9: ['vp9', 'libvpx-vp9'], Opus: ['opus', 'libopus'] }
const hdr = ['zscale', 'tonemap']

/** Which version mended the worst hole of late: distributions that mended an older one do not say so by its number. */
const patched = [8, 1, 2]

const install = 'On Debian or Ubuntu: apt-get install ffmpeg. On a Mac: brew install ffmpeg.'

/** FFmpeg is there, and can do what Matinee asks of it. */
export async function lookAtFfmpeg(path = environment.PATH): Promise<Sight> {
  const part = 'ffmpeg'
  const state = stateOfFfmpeg(path)
  if (state === 'installing')
    return {
      part,
      state: 'note',
      text: 'is being installed, beside the first start: look again in a minute. Until then films wait that browsers do not play.',
    }
  if (state === 'missing')
    return { part, state: 'wrong', text: `or its ffprobe is not there: only films that browsers already play will work. ${install}` }
  try {
    return { part, ...judge(await abilitiesOf(path)) }
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    return { part, state: 'wrong', text: `is there and does not run (${why}): install it anew. ${install}` }
  }
}

export function judge(can: Abilities): Omit<Sight, 'part'> {
  const missing = Object.entries(needed).flatMap(([kind, names]) =>
    names.filter((name) => !can[kind as keyof typeof needed].has(name)).map((name) => `${name} (${kind})`),
  )
  if (missing.length > 0) return { state: 'wrong', text: `${can.version} lacks ${missing.join(', ')}: install a full build. ${install}` }
  const unread = Object.entries(common).flatMap(([name, any]) => (any.some((decoder) => can.decoders.has(decoder)) ? [] : [name]))
  if (unread.length > 0)
    return { state: 'note', text: `${can.version} cannot read ${unread.join(', ')}: such films are refused until a fuller build is here.` }
  if (!hdr.every((filter) => can.filters.has(filter)))
    return { state: 'note', text: `${can.version} lacks ${hdr.join(' and ')}: films in HDR fail until a build with zimg is here.` }
  const hole = holeIn(can)
  if (hole !== undefined) return { state: 'note', text: hole }
  const opened = probeDecoders.filter((decoder) => can.decoders.has(decoder)).length
  return { state: 'fine', text: `${can.version}; ${opened} of its ${can.decoders.size} decoders are ever opened` }
}

/** What a whole program says aloud when it begins to convert: undefined where there is nothing to say. */
export async function lookForHole(path = environment.PATH): Promise<string | undefined> {
  return stateOfFfmpeg(path) === 'here' ? holeIn(await readingOf(path)) : undefined
}

function holeIn({ version, decoders }: Pick<Abilities, 'version' | 'decoders'>): string | undefined {
  if (!decoders.has('magicyuv') || !isBelow(version, patched)) return undefined
  return `${version} is older than ${patched.join('.')}, which mends CVE-2026-8461. The decoder it lies in is never opened here; take the update when your system has one.`
}

function isBelow(version: string, least: readonly number[]): boolean {
  const mine = /^n?(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(version)
    ?.slice(1)
    .map((part: string | undefined) => Number(part ?? 0))
  const place = mine?.findIndex((part, index) => part !== least[index]) ?? -1
  return mine !== undefined && place !== -1 && (mine[place] ?? 0) < (least[place] ?? 0)
}

/** Whether FFmpeg works in a room of its own, or only under limits: a film is a stranger's program as much as a picture. */
export async function lookAtRoom(): Promise<Sight> {
  await using seal = await openSeal()
  return seal.kind === 'sealed'
    ? { part: 'sandbox', state: 'fine', text: 'FFmpeg runs without network, files and rights' }
    : {
        part: 'sandbox',
        state: 'note',
        text: 'this system lends no namespaces: FFmpeg runs under limits and lists of what it may open alone. Allow them (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0; in a container a seccomp profile with unshare and mount), or take films from people you trust.',
      }
}
