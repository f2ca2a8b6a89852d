import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { alternate, type Bench, type BenchTools, type Launched, launch, row } from './frame.ts'

const root = join(import.meta.dirname, '../..')

/** From the start of the process to the first good answer; the first two starts (migrations, compile cache) are not counted. */
export const bench: Bench = {
  name: 'start',
  about: 'how soon Matinee answers, and what it holds at rest, beside a Fastify hello world with one SQLite worker',
  run: async (tools) => {
    const folder = join(tools.folder, 'data')
    await mkdir(folder)
    const ours = () => firstAnswerMs((port) => startMatinee(folder, port))
    const peer = () => firstAnswerMs((port) => startHello(tools.folder, port))
    for (const start of [ours, ours, peer, peer]) await start()
    const { ours: mine, peer: theirs, ratio } = await alternate({ pairs: tools.short ? 3 : 11, warm: false, ours, peer })
    tools.say(
      `first answer: Matinee ${Math.round(mine.median)} ms (${Math.round(mine.low)} … ${Math.round(mine.high)}), hello world ${Math.round(theirs.median)} ms`,
    )
    const rest = await memoryAtRest(tools, folder)
    return [
      row('first good answer, over the peer’s', ratio, { atMost: 2.5 }),
      row('memory at rest, all roles', rest / 1e6, { atMost: 140 }, { unit: 'MB' }),
    ]
  },
}

async function firstAnswerMs(start: (port: number) => Promise<Launched>): Promise<number> {
  const port = await freePort()
  const beganMs = performance.now()
  await using server = await start(port)
  await goodAnswer(server, port)
  return performance.now() - beganMs
}

/** Asked again every few milliseconds, as long as nobody answers. */
async function goodAnswer(server: Launched, port: number): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 3) {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { headers: { connection: 'close' } }).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.status === 200) return
    await sleep(3)
  }
  throw new Error(`no good answer within a minute:\n${server.lines().slice(-20).join('\n')}`)
}

async function memoryAtRest(tools: BenchTools, folder: string): Promise<number> {
  const port = await freePort()
  await using server = await startMatinee(folder, port)
  await goodAnswer(server, port)
  await sleep(tools.short ? 2000 : 15_000)
  return server.rssBytes()
}

function startMatinee(folder: string, port: number): Promise<Launched> {
  return launch(join(root, 'server/main.ts'), { args: ['serve', '--port', String(port), '--data', folder] })
}

function startHello(folder: string, port: number): Promise<Launched> {
  return launch(join(import.meta.dirname, 'testing/hello.mjs'), { args: [String(port), join(folder, 'hello.sqlite')] })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}
