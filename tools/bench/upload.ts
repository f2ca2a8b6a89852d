import { createHash, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as tus from 'tus-js-client'
import { alternate, type Bench, type BenchTools, type Launched, launch, row } from './frame.ts'
import { openOurs } from './upload/ours.ts'
import { openPoorLine, type PoorLine, type Weather } from './upload/poor-line.ts'
import { blockBytes, createFilm, expectFile, type Film, sendByTus } from './upload/senders.ts'

const root = join(import.meta.dirname, '../..')
const MiB = 2 ** 20

export const bench: Bench = {
  name: 'upload',
  about: 'CPU, wall and memory of uploads, verified and durable, against @tus/server on its file store; every byte is compared',
  async run(tools) {
    const { short, say } = tools
    const film = createFilm(randomBytes(blockBytes), (short ? 64 : 1024) * MiB)
    const pairs = short ? 1 : 3
    await tools.peer('@tus/server')
    const ours = await openOurs(tools)
    const shipped = await openTus(tools, 'shipped')
    const checked = await openTus(tools, 'checked')
    const perGB = 1e9 / film.sizeBytes / 1000
    const cpu = async (server: Launched, act: () => Promise<void>) => {
      const before = server.cpuMs()
      await act()
      return (server.cpuMs() - before) * perGB
    }
    const hashes = hashCost(film) * perGB
    say(`MD5 and SHA-256 of the same bytes alone: ${hashes.toFixed(2)} CPU s/GB`)
    const blocks = () => cpu(ours.process, () => ours.byBlocks(film))
    const less = await alternate({
      pairs,
      ours: async () => (await blocks()) - hashes,
      peer: () => cpu(shipped.process, () => shipped.send(film)),
    })
    say(`blocks, less the digests: ${less.ours.median.toFixed(2)} CPU s/GB; @tus/server as shipped: ${less.peer.median.toFixed(2)}`)
    const whole = await alternate({ pairs, ours: blocks, peer: () => cpu(checked.process, () => checked.send(film)) })
    say(`blocks in all: ${whole.ours.median.toFixed(2)} CPU s/GB; @tus/server with digests and syncs: ${whole.peer.median.toFixed(2)}`)
    const tus = await alternate({
      pairs,
      ours: () => cpu(ours.process, () => ours.byTus(film)),
      peer: () => cpu(shipped.process, () => shipped.send(film)),
    })
    say(`by tus: ${tus.ours.median.toFixed(2)} CPU s/GB; @tus/server as shipped: ${tus.peer.median.toFixed(2)}`)
    const quarter = createFilm(film.block, film.sizeBytes / 4)
    const four = async (act: () => Promise<void>) => {
      const startMs = performance.now()
      await Promise.all(Array.from({ length: 4 }, act))
      return (performance.now() - startMs) * perGB
    }
    const wall = await alternate({ pairs, ours: () => four(() => ours.byBlocks(quarter)), peer: () => four(() => shipped.send(quarter)) })
    say(`four at once: ${wall.ours.median.toFixed(2)} s/GB; @tus/server as shipped: ${wall.peer.median.toFixed(2)}`)
    const lineFilm = createFilm(film.block, (short ? 32 : 128) * MiB)
    const goodput = async (port: number, send: (line: PoorLine) => Promise<void>) => {
      await using line = await openPoorLine(port, stallingLine)
      const startMs = performance.now()
      await send(line)
      return lineFilm.sizeBytes / MiB / ((performance.now() - startMs) / 1000)
    }
    const poor = await alternate({
      pairs,
      warm: false,
      ours: () => goodput(ours.port(), (line) => ours.byUploader(lineFilm, line)),
      peer: () => goodput(shipped.port, (line) => shipped.byClient(lineFilm, line)),
    })
    say(`over the poor line: ${poor.ours.median.toFixed(1)} MiB/s, tus-js-client ${poor.peer.median.toFixed(1)} MiB/s`)
    const { share, kills } = await ours.killed(createFilm(film.block, (short ? 64 : 512) * MiB), short ? 4 * MiB : 12 * MiB)
    say(`killed ${kills} times: ${share.toFixed(4)} of the file was sent`)
    const endMs = await ours.lastByteToTold(createFilm(film.block, film.sizeBytes * (short ? 1 : 2)))
    say(`last byte to told: ${endMs.toFixed(0)} ms`)
    const grownMB = await ours.memory(film)
    return [
      row('CPU per GB less the digests, × @tus/server as shipped', less.ratio, { atMost: 0.6 }),
      row(
        'CPU per GB in all, × @tus/server with digests and syncs',
        whole.ratio,
        { atMost: 0.8 },
        { note: `${whole.ours.median.toFixed(2)} s` },
      ),
      row('CPU per GB by tus with SHA-256 and syncs, × as shipped', tus.ratio, { atMost: 1 }, { note: `${tus.ours.median.toFixed(2)} s` }),
      row('wall per GB, 4 files at once, × as shipped', wall.ratio, { atMost: 1.5 }, { note: `${wall.ours.median.toFixed(2)} s` }),
      row('goodput at 40 ms with 1 % stalls, × tus-js-client on @tus/server', poor.ratio, { atLeast: 2 }),
      row('bytes sent / file, the server killed every 2 s', share, { atMost: 1.02 }, { note: `${kills} kills` }),
      row('last byte to verified, stored, told', endMs, { atMost: 300 }, { unit: 'ms' }),
      row('memory while 8 files of 10 GB declared arrive', grownMB, { atMost: 200 }, { unit: 'MB more' }),
    ]
  },
}

/** One piece of 64 KiB in a hundred halts its connection for half a second. */
const stallingLine: Weather = { roundTripMs: 40, windowBytes: MiB, stalls: { share: 0.01, ms: 500 } }

function hashCost(film: Film): number {
  const before = process.cpuUsage()
  const digests = [createHash('md5'), createHash('sha256')]
  for (let at = 0; at < film.sizeBytes; at += film.block.length) for (const digest of digests) digest.update(film.block)
  for (const digest of digests) digest.digest()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

async function openTus({ folder, closing }: BenchTools, manner: string) {
  const directory = join(folder, manner)
  await mkdir(directory)
  const process = await launch(join(root, 'tools/bench/upload/tus-server.ts'), { args: [directory, manner], until: /listening on (\d+)/ })
  closing(process)
  const port = Number(process.match?.[1])
  return {
    process,
    port,
    /** As its users have it. */
    async byClient(film: Film, line: PoorLine) {
      const bytes = Buffer.concat(Array.from({ length: film.sizeBytes / film.block.length }, () => film.block))
      const at = await new Promise<string>((resolve, reject) => {
        const upload: tus.Upload = new tus.Upload(bytes, {
          endpoint: `http://127.0.0.1:${line.port}/files`,
          retryDelays: [0, 1000, 3000, 5000],
          onError: reject,
          onSuccess: () => resolve(upload.url ?? ''),
        })
        upload.start()
      })
      await expectFile(join(directory, new URL(at).pathname.split('/').at(-1) ?? ''), film)
    },
    async send(film: Film) {
      const at = await sendByTus(`http://127.0.0.1:${process.match?.[1]}/files`, film)
      await expectFile(join(directory, new URL(at).pathname.split('/').at(-1) ?? ''), film)
    },
  }
}
