import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Peers are no dependencies of Matinee: they have a lock of their own and are installed when the first bench asks for one. */
export function openPeers(folder: string): <T>(name: string) => Promise<T> {
  let installed = false
  return async <T>(name: string) => {
    if (!installed) install(folder)
    installed = true
    const path = createRequire(join(folder, 'package.json')).resolve(name)
    return (await import(pathToFileURL(path).href)) as T
  }
}

/** Where a peer's files lie, for peers that are started and not imported. */
export function peerFolder(folder: string, name: string): string {
  install(folder)
  return join(folder, 'node_modules', name)
}

function install(folder: string): void {
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  const stamp = join(folder, 'node_modules', '.matinee-stamp')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  console.log('  installing the peers of the benches')
  const npm = process.env.npm_execpath
  const [command, ...args] = npm ? [process.execPath, npm] : ['npm']
  const done = spawnSync(command, [...args, 'ci', '--include=dev', '--loglevel=error', '--no-fund', '--no-audit'], {
    cwd: folder,
    stdio: 'inherit',
  })
  if (done.status !== 0) throw new Error('npm ci failed in tools/bench')
  writeFileSync(stamp, hash)
}
