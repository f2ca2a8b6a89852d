import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { nginxConfig } from '../../server/compose/nginx.ts'
import { alternate, type Bench, type BenchTools, type Launched, launch, openLoop, quantile, type Row, row, stayOn } from './frame.ts'
import { fetchOnce, type Place, receive } from './stream/receive.ts'

const folder = join(import.meta.dirname, 'stream')

export const bench: Bench = {
  name: 'stream',
  about: 'segments from memory, by CPU, against Nginx with sendfile and @fastify/static; and 500 viewers beside two encoders',
  async run(tools) {
    const { short, say, found } = tools
    // Whoever sends has a core, and whoever receives another.
    stayOn([1])
    say('a film is made')
    const ours = await startOurs(tools)
    const perCpuSecond = async ({ process, place, behind = [] }: Served, expected: Uint8Array) => {
      // What Matinee still encodes in idle time is no part of serving; of Nginx both processes are.
      const cpuOf = (one: Launched) => (one === ours.process || behind.includes(one) ? one.ownCpuMs() : one.cpuMs())
      const cpuMs = () => [process, ...behind].reduce((sum, one) => sum + cpuOf(one), 0)
      const before = cpuMs()
      const bytes = await receive(place, { connections: 8, requests: short ? 100 : 400, expected })
      return bytes / Math.max(10, cpuMs() - before)
    }
    const rows: Row[] = []
    const stages = { memory: fromMemory, front: behindNginx, crowd: watchTogether }
    for (const [name, stage] of Object.entries(stages))
      if (tools.wants(name)) for await (const one of stage(tools, { ours, pairs: short ? 3 : 7, perCpuSecond })) rows.push(found(one))
    return rows
  },
}

type Ours = Served & { videoId: string; blobs: string }
type Frame = { ours: Ours; pairs: number; perCpuSecond(served: Served, expected: Uint8Array): Promise<number> }

async function* fromMemory(tools: BenchTools, { ours, pairs, perCpuSecond }: Frame): AsyncGenerator<Row> {
  const { port, path, headers } = ours.place
  const cell = await (await fetch(`http://127.0.0.1:${port}${path}`, headers ? { headers } : {})).bytes()
  const root = join(tools.folder, 'files')
  await mkdir(root)
  await writeFile(join(root, '0.m4s'), cell)
  const nginx = await startNginx(tools, plainSite(await freePort(), root))
  await tools.peer('@fastify/static')
  const files = await startNode(tools, 'static.ts', root)
  const against = (peer: Served) => alternate({ pairs, ours: () => perCpuSecond(ours, cell), peer: () => perCpuSecond(peer, cell) })
  const sham = await alternate({ pairs: 3, ours: () => perCpuSecond(nginx, cell), peer: () => perCpuSecond(nginx, cell) })
  tools.say(`a cell of ${(cell.length / 1e6).toFixed(2)} MB; Nginx against itself ${shown(sham.ratio)}`)
  const bare = await startNode(tools, 'bare.ts', root)
  const least = await alternate({ pairs: 3, ours: () => perCpuSecond(bare, cell), peer: () => perCpuSecond(nginx, cell) })
  const toNginx = await against(nginx)
  yield row(
    'segment bytes per CPU second, × Nginx with sendfile',
    toNginx.ratio,
    { atLeast: 0.6 },
    { note: `${gigabytes(toNginx.ours.median)}; a Node that writes one buffer and does nothing else ${shown(least.ratio)}` },
  )
  const toStatic = await against(files)
  yield row('the same, × @fastify/static', toStatic.ratio, { atLeast: 5 }, { note: gigabytes(toStatic.peer.median) })
}

/** `behind`: what else is counted for what it costs. */
type Served = { process: Launched; place: Place; behind?: readonly Launched[] }

/** As deploy/ has it: Matinee says who may, Nginx sends. */
async function* behindNginx(tools: BenchTools, { pairs, perCpuSecond }: Frame): AsyncGenerator<Row> {
  tools.say('a film is made behind Nginx')
  const ours = await startOurs(tools, ['front'])
  const port = await freePort()
  const api = [`127.0.0.1:${ours.place.port}`]
  const bytes = { kind: 'disk', path: ours.blobs } as const
  const config = nginxConfig({ api, realtime: api, name: '_', port, bytes })
  const front = await startNginx(tools, { http: config, place: { ...ours.place, port }, name: 'front' })
  // The same file, which its owner lets everybody have.
  const root = join(ours.blobs, dirname(ours.place.path).replace('/stream/', 'cells/'))
  const cell = await readFile(join(root, '0.m4s'))
  const plain = await startNginx(tools, plainSite(await freePort(), root))
  const peer = () => perCpuSecond(plain, cell)
  const alone = await alternate({ pairs, ours: () => perCpuSecond(front, cell), peer })
  yield row('behind Nginx: its bytes per CPU second, × plain Nginx', alone.ratio, { atLeast: 0.97 }, { note: gigabytes(alone.ours.median) })
  const whole = await alternate({ pairs, ours: () => perCpuSecond({ ...front, behind: [ours.process] }, cell), peer })
  yield row('with our own CPU counted', whole.ratio, { atLeast: 0.7 }, { note: gigabytes(whole.ours.median) })
}

async function startOurs(tools: BenchTools, args: string[] = []): Promise<Ours> {
  const process = await launch(join(folder, 'ours.ts'), { args, until: /^ready (.*)/, untilMs: 240_000, cores: [0] })
  tools.closing(process)
  const { port, path, token, videoId, blobs } = JSON.parse(process.match?.[1] ?? '{}') as {
    port: number
    path: string
    token: string
    videoId: string
    blobs: string
  }
  return { process, videoId, blobs, place: { port, path: `${path}/0.m4s`, headers: { authorization: `Bearer ${token}` } } }
}

async function startNode(tools: BenchTools, script: string, root: string): Promise<Served> {
  const process = await launch(join(folder, script), { args: [root], until: /^listening (\d+)/, cores: [0] })
  tools.closing(process)
  return { process, place: { port: Number(process.match?.[1]), path: '/0.m4s' } }
}

type Site = { http: string; place: Place; name: string }

const plainSite = (port: number, root: string): Site => ({
  http: `server { listen 127.0.0.1:${port}; root ${root}; }`,
  place: { port, path: '/0.m4s' },
  name: `plain-${port}`,
})

async function startNginx(tools: BenchTools, { http, place, name }: Site): Promise<Served> {
  const prefix = join(tools.folder, name)
  await mkdir(prefix)
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${prefix}/${kind};`).join(' ')
  const common = `access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; ${temp}`
  await writeFile(
    join(prefix, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; worker_processes 1; pid ${prefix}/pid; events { worker_connections 4096; } http { ${common}\n${http}\n}`,
  )
  const nginx = await launch('/usr/sbin/nginx', { args: ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', 'stderr'], cores: [0] })
  tools.closing(nginx)
  const agent = new Agent()
  for (let tries = 0; tries < 500; tries++) {
    const isThere = await fetchOnce(place, agent).catch(() => undefined)
    if (isThere !== undefined) return { process: nginx, place }
    await new Promise((go) => setTimeout(go, 10))
  }
  throw new Error(`Nginx never answered: ${nginx.lastWords()}`)
}

/** Each viewer asks for a segment every four seconds; a late one comes after its time is over. */
async function* watchTogether(tools: BenchTools, { ours: { place } }: Frame): AsyncGenerator<Row> {
  const viewers = tools.short ? 50 : 500
  const seconds = tools.short ? 4 : 12
  const api: Place = { port: place.port, path: '/api/videos?sort=new', ...(place.headers ? { headers: place.headers } : {}) }
  const run = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: viewers })
    let late = 0
    const segments = openLoop({
      perSecond: viewers / 4,
      seconds,
      act: async () => {
        const beganMs = performance.now()
        await fetchOnce(place, agent)
        if (performance.now() - beganMs > 4000) late++
      },
    })
    const calls = openLoop({ perSecond: 40, seconds, act: async () => void (await fetchOnce(api, agent)) })
    const [shown, answered] = await Promise.all([segments, calls])
    agent.destroy()
    if (shown.failed + answered.failed > 0) throw new Error(`${shown.failed} segments and ${answered.failed} calls failed`)
    return { late, segments: shown.count, p99: answered.at(0.99) }
  }
  await run()
  const alone: number[] = []
  const beside: number[] = []
  let [late, segments] = [0, 0]
  for (let pair = 0; pair < (tools.short ? 1 : 3); pair++) {
    alone.push((await run()).p99)
    const encoders = await Promise.all([encode(), encode()])
    const together = await run()
    for (const encoder of encoders) await encoder.stop()
    beside.push(together.p99)
    late += together.late
    segments += together.segments
  }
  const ratio = quantile(beside, 0.5) / quantile(alone, 0.5)
  const note = `${quantile(alone, 0.5).toFixed(1)} ms alone, ${quantile(beside, 0.5).toFixed(1)} ms beside`
  yield row(`late segments of ${viewers} viewers while two runs encode`, late, { atMost: 0 }, { note: `of ${segments}` })
  yield row('p99 of the API meanwhile, × that of the viewers alone', ratio, { atMost: 1.5 }, { note })
}

/** What a run that nobody waits for is to the machine: one thread that takes idle time only. */
function encode(): Promise<Launched> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=1920x1080:r=25,noise=alls=20:allf=t']
  const words = ['-nostdin', '-v', 'error', ...source, '-c:v', 'libx264', '-preset', 'veryfast', '-threads', '1', '-f', 'null', '-']
  return launch('chrt', { args: ['--idle', '0', 'ffmpeg', ...words], cores: [0, 1] })
}

const shown = ({ median, low, high }: { median: number; low: number; high: number }) =>
  `${median.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
const gigabytes = (bytesPerMs: number) => `${(bytesPerMs / 1e6).toFixed(2)} GB a CPU second`

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}
