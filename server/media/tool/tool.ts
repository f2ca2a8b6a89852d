import { spawn } from 'node:child_process'
import { rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Room, type Seal, sealedCommand } from './seal.ts'

export type ToolRun = Room & {
  program: 'ffmpeg' | 'ffprobe'
  /** Built from typed values by server/media/command; names of files are relative to the folder, and ours. */
  words: readonly string[]
  signal?: AbortSignal
  /** Each line of its standard output; a line counts as progress. */
  onLine?: (line: string) => void
}

export type ToolEnd = {
  state: 'done' | 'failed' | 'stalled' | 'overtime' | 'aborted'
  code: number | null
  /** The last of what it said, for admins. */
  log: string
  wallMs: number
}

const logLength = 8192

/** Where tools are looked for. */
export const toolPath = '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin'

/** The only place of the server that starts FFmpeg. Resolves when the process and all it started are gone. */
export async function runTool(seal: Seal, run: ToolRun): Promise<ToolEnd> {
  if (run.source !== undefined) await showSource(seal, run.folder, run.source)
  return await start(seal, run)
}

async function showSource(seal: Seal, folder: string, source: string): Promise<void> {
  const place = join(folder, 'source')
  await rm(place, { force: true })
  await (seal.kind === 'sealed' ? writeFile(place, '') : symlink(source, place))
}

function start(seal: Seal, run: ToolRun): Promise<ToolEnd> {
  const { promise, resolve } = Promise.withResolvers<ToolEnd>()
  const startedMs = performance.now()
  let verdict: ToolEnd['state'] | undefined
  let log = ''
  if (run.signal?.aborted) return Promise.resolve({ state: 'aborted', code: null, log, wallMs: 0 })
  const [program = '', ...words] = sealedCommand(seal, run, [run.program, ...run.words])
  const child = spawn(program, words, {
    cwd: run.folder,
    env: { PATH: toolPath, LANG: 'C.UTF-8' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = (why: ToolEnd['state']) => {
    verdict ??= why
    if (child.pid !== undefined) kill(child.pid)
  }
  const abort = () => stop('aborted')
  const wall = setTimeout(() => stop('overtime'), run.limits.wallMs)
  const stall = setTimeout(() => stop('stalled'), run.limits.stallMs)
  run.signal?.addEventListener('abort', abort, { once: true })
  const lines = splitLines((line) => {
    stall.refresh()
    run.onLine?.(line)
  })
  child.stdout.setEncoding('utf8').on('data', lines)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-logLength)
  })
  const end = (code: number | null) => {
    clearTimeout(wall)
    clearTimeout(stall)
    run.signal?.removeEventListener('abort', abort)
    resolve({ state: verdict ?? (code === 0 ? 'done' : 'failed'), code, log, wallMs: performance.now() - startedMs })
  }
  child.once('error', (error) => {
    log += error.message
    end(null)
  })
  child.once('close', end)
  return promise
}

/** The whole group: the tool, and whatever it may have started. */
function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

function splitLines(heard: (line: string) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(-logLength)
    for (const line of lines) heard(line)
  }
}
