import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nginxConfig } from '#server/compose/nginx.ts'
import { type DistributedGround, openDistributedGround, settingsForHouse } from '#server/testing/distributed-ground.ts'
import { type NginxPart, openNginx } from '#server/testing/parts/nginx.ts'
import { freePorts, type PartProcess, startProcess, until } from '#server/testing/parts/part-process.ts'

const program = join(import.meta.dirname, '../../matinee')

/** One process of the cluster. It comes back at the same address. */
export type Node = { name: string; roles: string; port: number; kill(): Promise<void>; start(): Promise<void>; output(): string }

export type Cluster = {
  /** Where people come in: Nginx. */
  readonly url: string
  readonly ground: DistributedGround
  readonly nodes: readonly Node[]
  readonly front: NginxPart
  node(name: string): Node
} & AsyncDisposable

const shape = [
  { name: 'api-1', roles: 'api' },
  { name: 'api-2', roles: 'api' },
  { name: 'realtime-1', roles: 'realtime' },
  { name: 'realtime-2', roles: 'realtime' },
  { name: 'scheduler', roles: 'scheduler' },
  { name: 'worker', roles: 'worker' },
] as const

/** Six processes on MariaDB with a replica, Redis and S3, behind Nginx. */
export async function openCluster(): Promise<Cluster> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'matinee-cluster-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const ground = opened.use(await openDistributedGround())
  const settings = {
    ...(await settingsForHouse(ground)),
    dataDir: folder,
    'http.trustedProxies': '127.0.0.1/32',
    'limits.requestsPerMinute': '1000000',
  }
  const ports = await freePorts(shape.length)
  const nodes = shape.map(({ name, roles }, place) => createNode({ name, roles, port: ports[place] ?? 0, settings }))
  for (const node of nodes) opened.defer(() => node.kill())
  const [first, ...others] = nodes
  // The first makes the tables; the others find them.
  await first?.start()
  await Promise.all(others.map((node) => node.start()))
  const at = (prefix: string) => nodes.filter(({ name }) => name.startsWith(prefix)).map(({ port }) => `127.0.0.1:${port}`)
  const front = opened.use(await openNginx(({ port }) => nginxConfig({ api: at('api'), realtime: at('realtime'), name: '_', port })))
  const closing = opened.move()
  return {
    url: front.url,
    ground,
    nodes,
    front,
    node(name) {
      const found = nodes.find((node) => node.name === name)
      if (!found) throw new Error(`no process is called ${name}`)
      return found
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

function createNode(parts: { name: string; roles: string; port: number; settings: Record<string, string> }): Node {
  const { name, roles, port, settings } = parts
  const flags = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  let running: PartProcess | undefined
  return {
    name,
    roles,
    port,
    async start() {
      const started = startProcess(program, ['serve', '--host', '127.0.0.1', '--port', String(port), '--roles', roles, ...flags], {
        group: true,
      })
      running = started
      await until(() => isReady(port), { what: `the start of ${name}`, processes: [started], timeoutMs: 200_000 })
    },
    async kill() {
      await running?.kill('SIGKILL')
    },
    output: () => running?.output() ?? '',
  }
}

export async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(10_000) })).ok
  } catch {
    return false
  }
}
