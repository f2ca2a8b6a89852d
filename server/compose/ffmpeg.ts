import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '#server/config/keys.ts'
import { environment } from '#server/config/environment.ts'

/** npm cannot bring FFmpeg: the first start installs it beside itself, where that needs no question (scripts/install-ffmpeg.sh). */
export type FfmpegState = 'here' | 'installing' | 'missing'

/** Holds the number of the process that installs it. */
const usualNote = fileURLToPath(new URL('../../node_modules/.matinee-ffmpeg', import.meta.url))

export function stateOfFfmpeg(path: string | undefined, note = usualNote): FfmpegState {
  const folders = (path ?? '').split(delimiter)
  if (['ffmpeg', 'ffprobe'].every((program) => folders.some((folder) => isExecutable(join(folder, program))))) return 'here'
  return installer(note) === undefined ? 'missing' : 'installing'
}

/** What a process knows of the one who converts films: where that is another's role, nothing, and it says nothing against it. */
export function converter(config: () => Config): () => FfmpegState {
  const watch = watchFfmpeg(environment.PATH)
  return () => (config().roles.includes('worker') ? watch() : 'here')
}

/** For those who ask often: what has come stays, and what has not is looked for no more than every second. */
export function watchFfmpeg(path: string | undefined, note = usualNote): () => FfmpegState {
  let state: FfmpegState = 'missing'
  let lookedMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = performance.now()
    if (state === 'here' || nowMs - lookedMs < 1000) return state
    lookedMs = nowMs
    state = stateOfFfmpeg(path, note)
    return state
  }
}

/** Ends what the first start began, if anything; `slow` is called when packages are being unpacked, which is let finish. */
export async function endInstallation(slow: () => void, note = usualNote): Promise<void> {
  const pid = installer(note)
  if (pid === undefined) return
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    return // It has just ended, or belongs to somebody else.
  }
  for (let waits = 0; installer(note) === pid; waits++) {
    if (waits === 10) slow()
    await sleep(50)
  }
}

/** A number may have been given to another process since. */
function installer(note: string): number | undefined {
  const pid = Number(textOf(note))
  return pid > 0 && textOf(`/proc/${pid}/cmdline`).includes('install-ffmpeg.sh') ? pid : undefined
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
