import { execFile } from 'node:child_process'
import { mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ToolLimits } from './limits.ts'

/**
 * How tools are kept from the machine. `sealed`: no network, no file but programs and the job's folder, no other process, no rights.
 * `limited`: limits and allow-lists only, where the system offers no namespaces; said loudly at the start.
 */
export type Seal = { kind: 'sealed'; root: string } | { kind: 'limited' }

export type Room = {
  /** The one folder it sees and may write to. */
  folder: string
  /** A file from elsewhere that it sees there as `source`, read only; the folder holds an empty file or a link of that name. */
  source?: string
  limits: ToolLimits
  /** Uses only time that nobody else wants. */
  isIdle?: boolean
}

const trial: ToolLimits = { wallMs: 0, stallMs: 0, cpuS: 5, memoryBytes: 2 ** 30, fileBytes: 1024 }
const script = fileURLToPath(new URL('./seal.sh', import.meta.url))
const namespaces = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child=SIGKILL']

/** Looks once what this system offers, by trying it. */
export async function openSeal(): Promise<Seal & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'matinee-room-'))
  const close = async () => rmdir(root).catch(() => {})
  const seal: Seal = { kind: 'sealed', root }
  try {
    const [program = '', ...words] = sealedCommand(seal, { folder: root, limits: trial }, ['true'])
    await promisify(execFile)(program, words, { timeout: 10_000 })
    return { ...seal, [Symbol.asyncDispose]: close }
  } catch {
    await close()
    return { kind: 'limited', [Symbol.asyncDispose]: async () => {} }
  }
}

/** The whole command line: dies with this process, runs in the room, within the limits, without rights. */
export function sealedCommand(seal: Seal, room: Room, command: readonly string[]): string[] {
  const { folder, source = '', limits, isIdle = false } = room
  const bounds = [
    'prlimit',
    `--cpu=${limits.cpuS}`,
    `--as=${limits.memoryBytes}`,
    `--fsize=${limits.fileBytes}`,
    '--nofile=256',
    '--core=0',
  ]
  const idle = isIdle ? ['chrt', '--idle', '0'] : []
  const powerless = ['setpriv', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all']
  const mortal = ['setpriv', '--pdeathsig', 'KILL']
  if (seal.kind === 'limited') return [...mortal, ...idle, 'setpriv', '--no-new-privs', ...bounds, ...command]
  return [...mortal, ...idle, 'unshare', ...namespaces, 'sh', script, seal.root, folder, source, ...powerless, ...bounds, ...command]
}
