import { readdir, stat, statfs, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeHashes } from '../../../uploader/node.ts'
import { sendFile, type SendOptions } from '../../../uploader/send-file.ts'
import { type BenchTools, launch } from '../frame.ts'
import { openPoorLine, type PoorLine } from './poor-line.ts'
import { blockBytes, bytesOf, expectFile, type Film, sendBlocks, sendByTus, type Task } from './senders.ts'

const root = join(import.meta.dirname, '../../..')
const MiB = 2 ** 20
const killEveryMs = 2000
/** For a film that is there to be taken in. */
const mostWaitMs = 120_000

export async function openOurs({ folder, closing }: BenchTools) {
  const told = new Map<string, () => void>()
  const business = await listen((taskId) => told.get(taskId)?.())
  closing({
    async [Symbol.asyncDispose]() {
      business.closeAllConnections()
    },
  })
  const config = join(folder, 'upload.yaml')
  const notifyUrl = `http://127.0.0.1:${(business.address() as AddressInfo).port}/`
  const films = join(folder, 'films')
  await writeFile(
    config,
    `bServer: {name: bench, token: bench-token, notifyUrl: "${notifyUrl}", roots: ["${films}"], md5: late, instant: false}\n`,
  )
  const start = (more: readonly string[], { data = 'data', port: at = '0' } = {}) => {
    const args = ['serve', '-c', config, '--host', '127.0.0.1', '--port', at, '--data', join(folder, data), ...more]
    return launch(join(root, 'server/main.ts'), { args, until: /is open: (http:\/\/[^\s,]+)/ })
  }
  // Somebody signs up where people can; then the component runs alone, with no worker that looks at what arrives.
  const house = await start([])
  const { token } = await call(`${house.match?.[1]}/api/user`, { username: 'bench', password: 'a long enough word 42' })
  await house.stop()
  const process = await start(['--roles', 'upload'])
  closing(process)
  const url = process.match?.[1] ?? ''
  const port = Number(new URL(url).port)
  const through = (film: Film, task: Task, line: PoorLine): SendOptions => {
    const by = (at: string) => Object.assign(new URL(at), { port: String(line.port) }).href
    const read = ({ start, end }: { start: number; end: number }) => Promise.resolve(bytesOf(film, start, end))
    return {
      source: { name: 'film', size: film.sizeBytes, read },
      task: { taskId: task.taskId, uploadUrl: by(task.uploadUrl), blocksUrl: by(task.blocksUrl), stateUrl: by(task.stateUrl) },
      hashes: { block: nodeHashes.block },
    }
  }
  let count = 0
  const open = async (fileSize: number, at = url) => {
    const fileName = `${++count}`
    const { data } = await call(`${at}/api/upload/new/task`, { token: 'bench-token', userId: '1', storePath: films, fileName, fileSize })
    const task = data as Task
    const heard = new Promise<void>((resolve) => told.set(String(task.taskId), resolve))
    return { task, heard, path: join(films, fileName) }
  }
  return {
    process,
    port: () => port,
    async byUploader(film: Film, line: PoorLine) {
      const { task, heard, path } = await open(film.sizeBytes)
      await sendFile(through(film, task, line))
      await heard
      await expectFile(path, film)
    },
    /** A server of its own, which is killed again and again; what clients have sent in all, over what the file has. */
    async killed(film: Film, bytesPerSecond: number) {
      const alone = ['--roles', 'upload']
      let dying = await start(alone, { data: 'killed' })
      const home = new URL(dying.match?.[1] ?? '')
      await using line = await openPoorLine(Number(home.port), { roundTripMs: 4, windowBytes: MiB, bytesPerSecond })
      const { task, heard, path } = await open(film.sizeBytes, home.origin)
      let isOver = false
      let kills = 0
      const killing = (async () => {
        for (;;) {
          for (let ms = 0; ms < killEveryMs && !isOver; ms += 50) await sleep(50)
          if (isOver) return
          kills++
          dying.send('SIGKILL')
          await dying.ended()
          dying = await start(alone, { data: 'killed', port: home.port })
        }
      })()
      await sendFile(through(film, task, line))
      isOver = true
      await Promise.all([killing, heard])
      await dying.stop()
      await expectFile(path, film)
      return { share: line.sentBytes() / film.sizeBytes, kills }
    },
    async byBlocks(film: Film) {
      const { task, heard, path } = await open(film.sizeBytes)
      await sendBlocks(task, film)
      await heard
      await expectFile(path, film)
    },
    async byTus(film: Film) {
      const at = await sendByTus(`${url}/api/tus`, film, {
        authorization: `Bearer ${String(token)}`,
        'upload-metadata': `filename ${btoa('film.mp4')}`,
      })
      const [taskId = ''] = new URL(at).pathname.split('/').at(-1)?.split('.') ?? []
      await expectOwn(join(folder, 'data', 'blobs', 'sources'), taskId, film)
    },
    async lastByteToTold(film: Film) {
      const { task, heard, path } = await open(film.sizeBytes)
      await sendBlocks(task, film, { atOnce: 1 })
      const startMs = performance.now()
      await heard
      const tookMs = performance.now() - startMs
      await expectFile(path, film)
      return tookMs
    },
    /** Grown at most, while the first and while the second half of eight files arrive beside each other. */
    async memory(film: Film) {
      const before = process.rssBytes()
      const most = { first: before, last: before }
      let half: keyof typeof most = 'first'
      const timer = setInterval(() => {
        most[half] = Math.max(most[half], process.rssBytes())
      }, 100)
      const declaredBytes = Math.min(10 * 1024 * MiB, await mostEach(folder, 8))
      const tasks = await Promise.all(Array.from({ length: 8 }, () => open(declaredBytes)))
      const middle = film.sizeBytes / 2
      await Promise.all(tasks.map(({ task }) => sendBlocks(task, film, { until: middle })))
      half = 'last'
      await Promise.all(tasks.map(({ task }) => sendBlocks(task, film, { from: middle, until: film.sizeBytes })))
      clearInterval(timer)
      return { firstMB: (most.first - before) / 1e6, lastMB: (most.last - before) / 1e6, declaredBytes }
    },
  }
}

async function call(url: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return (await answer.json()) as Record<string, unknown>
}

function listen(heard: (taskId: string) => void): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.end()
      heard(String(request.headers['upload-task-id']))
    })
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

/** Where a film of one's own lies once it has arrived: below its video, under the number of its task. */
async function expectOwn(sources: string, taskId: string, film: Film): Promise<void> {
  const untilMs = performance.now() + mostWaitMs
  while (performance.now() < untilMs) {
    for (const video of await readdir(sources).catch(() => [])) {
      const path = join(sources, video, taskId)
      if (await stat(path).catch(() => undefined)) return await expectFile(path, film)
    }
    await sleep(10)
  }
  throw new Error(`${sources} never had the film of task ${taskId}`)
}

/** So large may each of so many be: the component takes none that the disk could not hold beside its reserve. */
async function mostEach(folder: string, count: number): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(folder)
  const each = Math.floor(((bavail - blocks / 10) * bsize) / count)
  return each - (each % blockBytes)
}
