import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { nearestFolder } from '#server/compose/look/nearest-folder.ts'
import type { Sight } from '#server/compose/look/index.ts'
import { type Finding, fine, note, wrong } from './finding.ts'

const GiB = 2 ** 30

export function checkRuntime(): Finding {
  return fine('runtime', `Node ${process.versions.node}, SQLite ${process.versions.sqlite ?? 'unknown'}`)
}

/** Writable, and with room: uploads are refused before a disk is full. */
export async function checkDisk(folder: string): Promise<Finding> {
  const there = nearestFolder(folder)
  try {
    if (!statSync(there).isDirectory()) throw new Error('a file')
    accessSync(there, constants.W_OK | constants.R_OK | constants.X_OK)
  } catch {
    const what = there === folder ? `${folder} can not be written` : `${folder} is not there, and ${there} can not be written`
    return wrong('disk', `${what}. Give it to the user that runs Matinee (chown), or name another folder with --data.`)
  }
  const { bavail, blocks, bsize } = await statfs(there)
  if (blocks === 0) return wrong('disk', `${there} is no disk: name another folder with --data.`)
  const free = bavail * bsize
  const text = `${folder}: ${(free / GiB).toFixed(1)} GiB free (${Math.round((100 * bavail) / blocks)} %)`
  return free < 2 * GiB
    ? note('disk', `${text}. Films need more: free some, or name a folder on a larger disk with --data.`)
    : fine('disk', text)
}

const mostApartMs = 2000

/** Time that is far off makes second factors and signed addresses fail; clocks that differ make sessions and leases end early. */
export function checkClock(
  others: readonly Pick<Sight, 'part' | 'aheadMs'>[],
  nowMs = Date.now(),
  builtMs = Date.UTC(2026, 10, 1),
): Finding {
  const text = new Date(nowMs).toISOString()
  if (nowMs < builtMs) return wrong('clock', `${text} lies in the past: set the clock (timedatectl set-ntp true).`)
  const apart = others.filter(({ aheadMs = 0 }) => Math.abs(aheadMs) > mostApartMs)
  if (apart.length === 0) return fine('clock', `${text}, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`)
  const how = apart.map(
    ({ part, aheadMs = 0 }) => `${part} is ${Math.abs(aheadMs / 1000).toFixed(1)} s ${aheadMs > 0 ? 'ahead' : 'behind'}`,
  )
  return wrong('clock', `${text}; ${how.join(', ')}: let every machine take its time from the network (timedatectl set-ntp true).`)
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
  if (code === 'EADDRNOTAVAIL')
    return wrong('port', 'the address in http.host is none of this machine: leave it out, or name one that is (ip addr).')
  return wrong('port', `${port} can not be opened (${code ?? 'unknown'}): choose another with --port, or leave out http.host.`)
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
