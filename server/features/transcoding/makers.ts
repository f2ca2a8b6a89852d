import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Videos } from '#server/features/videos/index.ts'
import { Problem } from '#server/lib/problem.ts'
import { openRoom } from '#server/media/plan/make-plan.ts'
import { probeLimits } from '#server/media/tool/limits.ts'
import type { Seal } from '#server/media/tool/seal.ts'
import { runTool, toolPath } from '#server/media/tool/tool.ts'
import type { Clock } from '#server/ports/clock.ts'
import type { Log } from '#server/ports/log.ts'
import type { FilmKey, PlannedFilm, TranscodingStore } from './store.ts'

type Parts = {
  store: Pick<TranscodingStore, 'strand' | 'findSource'>
  videos: Pick<Videos, 'sourceAgain'>
  clock: Pick<Clock, 'now'>
  log: Pick<Log, 'info'>
  openSeal: () => Promise<Seal>
  /** For how long a film waits for a worker that has the FFmpeg which began it, when another one has been asked to go on. */
  makerPatienceMs: () => number
  /** The version of FFmpeg, where it is not to be asked. */
  ffmpegVersion?: (() => Promise<string>) | undefined
}

export type Makers = ReturnType<typeof createMakers>

/** [G14] Which FFmpeg makes a film: who began it goes on, or all of it is made anew. */
export function createMakers({ store, videos, clock, log, openSeal, makerPatienceMs, ffmpegVersion }: Parts) {
  let known: { stamp: string; version: Promise<string> } | undefined

  /** Asked once, and again when another one lies in its place. */
  async function own(signal: AbortSignal): Promise<string> {
    if (ffmpegVersion) return await ffmpegVersion()
    const stamp = await stampOf('ffmpeg')
    if (known?.stamp !== stamp) {
      const asked = { stamp, version: askVersion(await openSeal(), signal) }
      known = asked
      asked.version.catch(() => {
        if (known === asked) known = undefined
      })
    }
    return await known.version
  }

  return {
    own,

    /** Throws where it is not for us to go on with this film. When nobody has come for it who could, it begins again from its source. */
    async demandOwn(key: FilmKey, { maker, strandedMs }: PlannedFilm, signal: AbortSignal): Promise<void> {
      if (maker === null || maker === (await own(signal))) {
        if (strandedMs !== null) await store.strand(key, null)
        return
      }
      const nowMs = clock.now()
      if (strandedMs === null) await store.strand(key, nowMs)
      if (nowMs - (strandedMs ?? nowMs) >= makerPatienceMs()) {
        const source = await store.findSource(key.videoId)
        if (source?.generation === key.generation && source.source_blob !== null) {
          log.info('transcoding.made_anew', { ...key, maker })
          await videos.sourceAgain(key.videoId)
        }
      }
      throw new Problem('unavailable', 'transcoding.other_ffmpeg')
    },
  }
}

async function stampOf(program: string): Promise<string> {
  for (const folder of toolPath.split(':')) {
    const found = await stat(join(folder, program)).catch(() => undefined)
    if (found) return `${folder} ${found.ino} ${found.size} ${found.mtimeMs}`
  }
  return ''
}

async function askVersion(seal: Seal, signal: AbortSignal): Promise<string> {
  await using room = await openRoom()
  const lines: string[] = []
  const onLine = (line: string) => void lines.push(line)
  const words = ['-hide_banner', '-version']
  const end = await runTool(seal, { program: 'ffmpeg', words, folder: room.folder, limits: probeLimits, signal, onLine })
  if (end.state === 'aborted') throw signal.reason
  const version = /^ffmpeg version (\S{1,100})/.exec(lines[0] ?? '')?.[1]
  if (version === undefined) throw new Problem('unavailable', 'transcoding.no_ffmpeg', { cause: end.log })
  return version
}
