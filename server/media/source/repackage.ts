import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { allowList, sourceName } from '../command/source.ts'
import type { Probe } from '../plan/probe.ts'
import { repackageLimits } from '../tool/limits.ts'
import type { Seal } from '../tool/seal.ts'
import { runTool } from '../tool/tool.ts'

export type WhyRepackaged = 'seeks_badly' | 'no_duration' | 'wrong_duration' | 'cut_off'

/** Streams without an index: FFmpeg lands in the middle of a group of pictures and shows wrong ones, though their number is right. */
const seekBadly = ['mpegts', 'mpeg', 'h264', 'hevc', 'mpegvideo', 'aac', 'ac3', 'ogg']

/** A last picture may stay for a while; sound may go on a little behind what the head says. */
const bearable = { longerS: 5, shorterS: 1 }

/** `endS`: the last moment that was really found in it, where that was looked for. */
export function whyRepackage(probe: Probe, endS?: number): WhyRepackaged | undefined {
  if (probe.format.split(',').some((name) => seekBadly.includes(name))) return 'seeks_badly'
  if (probe.durationS === undefined) return probe.video?.durationS === undefined ? 'no_duration' : undefined
  const lastsS = endS === undefined ? probe.durationS : endS - Math.max(0, Number(probe.start) || 0)
  return probe.durationS - lastsS > bearable.longerS || lastsS - probe.durationS > bearable.shorterS ? 'wrong_duration' : undefined
}

const repackagedFile = 'repackaged.mkv'

export type Repackaged = { state: 'done'; path: string } | { state: 'failed'; log: string }

/** The same streams in a container that has an index, a duration and orderly times, without encoding: as fast as the disk. */
export async function repackage(
  seal: Seal,
  film: { source: string; probe: Probe; folder: string },
  signal: AbortSignal,
): Promise<Repackaged> {
  const { size } = await stat(film.source)
  const words = repackageWords(film.probe)
  const end = await runTool(seal, {
    program: 'ffmpeg',
    words,
    folder: film.folder,
    source: film.source,
    limits: repackageLimits(size),
    signal,
  })
  if (end.state === 'aborted') throw signal.reason
  const path = join(film.folder, repackagedFile)
  const made = await stat(path).catch(() => undefined)
  // A source that breaks off makes FFmpeg complain at the end of a file that is good up to there.
  if (end.state === 'done' || (end.state === 'failed' && made && made.size > 4096)) return { state: 'done', path }
  return { state: 'failed', log: `${end.state} ${end.log}` }
}

function repackageWords(probe: Probe): string[] {
  const sounds = probe.audio.flatMap((stream, place) => [
    ...['-map', `0:${stream.index}`],
    // Matroska has no name for the sound of discs.
    ...[`-c:a:${place}`, stream.codec.startsWith('pcm_') ? 'flac' : 'copy'],
  ])
  const texts = probe.subtitles.filter(({ codec }) => ['subrip', 'ass', 'ssa', 'webvtt'].includes(codec))
  return [
    ...['-nostdin', '-v', 'error', '-y', '-fflags', '+genpts', ...allowList(), '-i', sourceName],
    ...(probe.video ? ['-map', `0:${probe.video.index}`, '-c:v', 'copy'] : []),
    ...sounds,
    ...texts.flatMap(({ index }) => ['-map', `0:${index}`]),
    ...(texts.length > 0 ? ['-c:s', 'copy'] : []),
    ...['-dn', '-map_metadata', '-1', '-max_interleave_delta', '0', '-progress', 'pipe:1', '-nostats', '-f', 'matroska', repackagedFile],
  ]
}
