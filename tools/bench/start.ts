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
  let hasEnded = false
  void server.ended().then(() => {
    hasEnded = true
  })
  for (let waited = 0; waited < 60_000 && !hasEnded; waited += 3) {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { headers: { connection: 'close' } }).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.status === 200) return
    await sleep(3)
  }
  throw new Error(`${hasEnded ? 'it ended' : 'no good answer within a minute'}:\n${server.lastWords()}`)
}

async function memoryAtRest(tools: BenchTools, folder: string): Promise<number> {
  const port = await freePort()
  await using server = await startMatinee(folder, port)
  await goodAnswer(server, port)
  await sleep(tools.short ? 2000 : 15_000)
  return server.rssBytes()
}

function startMatinee(folder: string, port: number): Promise<Launched> {
  return launch(join(root, 'matinee'), { args: ['serve', '--port', String(port), '--data', folder] })
}

function startHello(folder: string, port: number): Promise<Launched> {
  return launch(join(import.meta.dirname, 'testing/hello.mjs'), { args: [String(port), join(folder, 'hello.sqlite')] })
}

/** Below those that the system gives to callers: who asks a port again and again before anybody listens could be given that very port. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((answer) => server.once('error', () => answer(false)).listen(port, () => answer(true)))
    if (!isFree) continue
    await new Promise((closed) => server.close(closed))
    return port
  }
}
