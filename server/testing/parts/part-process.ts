import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'

export type PartProcess = {
  readonly child: ChildProcess
  kill(signal?: NodeJS.Signals): Promise<void>
  output(): string
  hasEnded(): boolean
}

/** Starts a program that a test needs. It dies with the process that runs the tests, if not before; with its own children, if it leads a `group`. */
export function startProcess(
  command: string,
  args: readonly string[],
  { group = false, ...options }: { cwd?: string; env?: NodeJS.ProcessEnv; group?: boolean } = {},
): PartProcess {
  const env = { ...process.env, ...options.env }
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: group, env })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said.push(chunk)
      if (said.length > 200) said.shift()
    })
  }
  let hasEnded = false
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (error) => {
      said.push(Buffer.from(`${error}\n`))
      resolve()
    })
  })
  const send = (signal: NodeJS.Signals) => void (group && child.pid !== undefined ? process.kill(-child.pid, signal) : child.kill(signal))
  const end = () => send('SIGKILL')
  process.once('exit', end)
  void ended.then(() => {
    hasEnded = true
    process.off('exit', end)
  })
  return {
    child,
    async kill(signal = 'SIGKILL') {
      if (!hasEnded) send(signal)
      await ended
    },
    output: () => Buffer.concat(said).toString(),
    hasEnded: () => hasEnded,
  }
}

/** Ports that were free a moment ago. All are held at once, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('A server without a port.')
    return address.port
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Asks again and again until the answer is yes; the process that should bring it about may die meanwhile. */
export async function until(
  isSo: () => Promise<boolean>,
  options: { what: string; timeoutMs?: number; processes?: readonly PartProcess[] },
): Promise<void> {
  const endMs = performance.now() + (options.timeoutMs ?? 90_000)
  while (!(await isSo().catch(() => false))) {
    const dead = options.processes?.find((each) => each.hasEnded())
    if (dead) throw new Error(`${options.what}: ${dead.child.spawnfile} ended.\n${dead.output()}`)
    if (performance.now() > endMs)
      throw new Error(`${options.what} did not happen in time.\n${(options.processes ?? []).map((each) => each.output()).join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
