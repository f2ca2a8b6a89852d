import { constants, accessSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { type Finding, fine, note, wrong } from './finding.ts'

const GiB = 2 ** 30

export function checkRuntime(): Finding {
  return fine('runtime', `Node ${process.versions.node}, SQLite ${process.versions.sqlite ?? 'unknown'}`)
}

/** Writable, and with room: uploads are refused before a disk is full. */
export async function checkDisk(folder: string): Promise<Finding> {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK | constants.R_OK)
  } catch {
    return wrong('disk', `${folder} can not be written. Give it to the user that runs Matinee (chown), or name another folder with --data.`)
  }
  const { bavail, blocks, bsize } = await statfs(folder)
  const free = bavail * bsize
  const share = Math.round((100 * bavail) / blocks)
  const text = `${folder}: ${(free / GiB).toFixed(1)} GiB free (${share} %)`
  return free < 2 * GiB
    ? note('disk', `${text}. Films need more: free some, or name a folder on a larger disk with --data.`)
    : fine('disk', text)
}

/** Time that is far off makes second factors and signed addresses fail. */
export function checkClock(nowMs = Date.now(), builtMs = Date.UTC(2026, 10, 1)): Finding {
  const text = new Date(nowMs).toISOString()
  return nowMs < builtMs
    ? wrong('clock', `${text} lies in the past: set the clock (timedatectl set-ntp true).`)
    : fine('clock', `${text}, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`)
}

export async function checkPort(host: string, port: number): Promise<Finding> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(portTaken(port, error.code)))
    server.listen({ port, ...(host === '' ? {} : { host }), exclusive: true }, () => {
      server.close(() => resolve(fine('port', `${port} is free`)))
    })
  })
}

function portTaken(port: number, code: string | undefined): Finding {
  if (code === 'EADDRINUSE') return note('port', `${port} is in use: by Matinee itself, if it runs; else choose another with --port.`)
  if (code === 'EACCES') return wrong('port', `${port} needs more rights: choose one above 1023 with --port, and put Nginx in front.`)
  return wrong('port', `${port} can not be opened (${code ?? 'unknown'}).`)
}

const wantedFiles = 8192

/** Every viewer holds a connection and every stream a file. */
export function checkOpenFiles(): Finding {
  if (!existsSync('/proc/self/limits')) return note('open files', 'can not be told on this system')
  const line = readFileSync('/proc/self/limits', 'utf8')
    .split('\n')
    .find((text) => text.startsWith('Max open files'))
  const soft = Number(line?.split(/\s{2,}/)[1])
  if (!Number.isFinite(soft) || soft >= wantedFiles) return fine('open files', Number.isFinite(soft) ? `up to ${soft}` : 'without limit')
  return note('open files', `only ${soft}: raise it to ${wantedFiles} or more (ulimit -n ${wantedFiles}; LimitNOFILE= in a systemd unit).`)
}
