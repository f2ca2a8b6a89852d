import { join } from 'node:path'
import { type Bench, alternate, httpLoad, type Launched, launch, median, row, spreadOf, stayOn } from './frame.ts'

const folder = join(import.meta.dirname, 'api')
const signedIn = { path: '/api/videos', headers: { cookie: 'matinee=token-4711' } }
const cached = { path: '/api/hot' }

export const bench: Bench = {
  name: 'api',
  about: 'requests per CPU second, all limits, headers and metrics on, against a bare Fastify route with the same body',
  async run({ short, say, closing }) {
    const requests = short ? 4000 : 20_000
    const pairs = short ? 3 : 9
    const bare = await start('bare.ts', closing)
    const ours = await start('ours.ts', closing)
    stayOn([1])
    const perCpuSecond = async (server: Server, load: { path: string; headers?: Record<string, string> }) => {
      const before = server.process.cpuMs()
      const { count, failed } = await httpLoad({ ...load, port: server.port, connections: 32, requests })
      if (failed > 0) throw new Error(`${failed} wrong answers from ${load.path}`)
      return count / ((server.process.cpuMs() - before) / 1000)
    }
    const peer = () => perCpuSecond(bare, { path: '/api/videos' })
    const sham = await alternate({ pairs, ours: peer, peer })
    say(
      `bare Fastify against itself: ${sham.ratio.median.toFixed(3)} [${sham.ratio.low.toFixed(3)}, ${sham.ratio.high.toFixed(3)}], ${Math.round(sham.peer.median)} requests per CPU second`,
    )
    const read = await alternate({ pairs, ours: () => perCpuSecond(ours, signedIn), peer })
    const hit = await alternate({ pairs, ours: () => perCpuSecond(ours, cached), peer })
    const known = await alternate({ pairs, ours: () => perCpuSecond(ours, { ...cached, headers: signedIn.headers }), peer })

    const half = await atHalfLoad(ours.port, short ? 1 : 7)
    return [
      row('signed-in read, × bare', read.ratio, { atLeast: 0.55 }, { note: `${Math.round(read.ours.median)} a CPU second` }),
      row('hit of the route cache, × bare', hit.ratio, { atLeast: 0.8 }, { note: `${Math.round(hit.ours.median)} a CPU second` }),
      row('the same hit by somebody signed in', known.ratio, { atLeast: 0.55 }, { note: `${Math.round(known.ours.median)} a CPU second` }),
      row(
        'p99 at half load',
        spreadOf(half.map(({ p99 }) => p99)),
        { atMost: 10 },
        { unit: 'ms', note: `${Math.round(median(half.map(({ perSecond }) => perSecond)))} a second, open loop` },
      ),
    ]
  },
}

/** What is half changes with what else the machine does: it is asked anew before each look, and one look that somebody disturbed is not the figure. */
async function atHalfLoad(port: number, looks: number): Promise<{ perSecond: number; p99: number }[]> {
  const seen: { perSecond: number; p99: number }[] = []
  while (seen.length < looks) {
    const ceiling = await httpLoad({ ...signedIn, port, connections: 32, requests: 10_000 })
    const perSecond = Math.floor(ceiling.count / ceiling.seconds / 2)
    const half = await httpLoad({ ...signedIn, port, connections: 64, perSecond, seconds: 2 })
    if (half.failed > 0) throw new Error(`${half.failed} wrong answers at half load`)
    seen.push({ perSecond, p99: half.at(0.99) })
  }
  return seen
}

type Server = { process: Launched; port: number }

async function start(script: string, closing: (resource: AsyncDisposable) => void): Promise<Server> {
  const process = await launch(join(folder, script), { until: /^listening (\d+)/, cores: [0] })
  closing(process)
  return { process, port: Number(process.match?.[1]) }
}
