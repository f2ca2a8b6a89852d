import { createHash, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as tus from 'tus-js-client'
import { alternate, type Bench, type BenchTools, bootstrapOf, type Launched, launch, median, type Row, row, spreadOf } from './frame.ts'
import { openOurs } from './upload/ours.ts'
import { openPoorLine, type PoorLine, type Weather } from './upload/poor-line.ts'
import { blockBytes, createFilm, expectFile, type Film, sendByTus } from './upload/senders.ts'

const root = join(import.meta.dirname, '../..')
const MiB = 2 ** 20

export const bench: Bench = {
  name: 'upload',
  about: 'CPU, wall and memory of uploads, verified and durable, against @tus/server on its file store; every byte is compared',
  async run(tools) {
    const block = randomBytes(blockBytes)
    await tools.peer('@tus/server')
    const house: House = {
      tools,
      ours: await openOurs(tools),
      shipped: await openTus(tools, 'shipped'),
      filmOf: (mebibytes) => createFilm(block, mebibytes * MiB),
      rounds: tools.short ? 1 : 5,
    }
    const rows: Row[] = []
    for (const [stage, run] of Object.entries(stages)) if (tools.wants(stage)) rows.push(...(await run(house)))
    return rows
  },
}

type House = {
  tools: BenchTools
  ours: Awaited<ReturnType<typeof openOurs>>
  shipped: Awaited<ReturnType<typeof openTus>>
  filmOf(mebibytes: number): Film
  rounds: number
}

const stages: Record<string, (house: House) => Promise<Row[]>> = { cpu, wall, line, kills, end, memory }

/** All contenders in each round, forwards and backwards, so that a noisy minute hits them alike. */
async function cpu({ tools, ours, shipped, filmOf, rounds }: House): Promise<Row[]> {
  const film = filmOf(tools.short ? 64 : 512)
  const checked = await openTus(tools, 'checked')
  const of = (server: Launched, act: () => Promise<void>) => async () => {
    const before = server.cpuMs()
    await act()
    return server.cpuMs() - before
  }
  const contenders = {
    hashes: () => Promise.resolve(hashCost(film)),
    blocks: of(ours.process, () => ours.byBlocks(film)),
    shipped: of(shipped.process, () => shipped.send(film)),
    checked: of(checked.process, () => checked.send(film)),
    tus: of(ours.process, () => ours.byTus(film)),
  }
  const measured = Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as number[]]))
  for (let round = 0; round <= rounds; round++) {
    const turns = Object.entries(contenders)
    for (const [name, measure] of round % 2 === 0 ? turns : turns.toReversed()) {
      const value = ((await measure()) * 1e6) / film.sizeBytes
      // The first round is thrown away: it warms all of them.
      if (round > 0) measured[name]?.push(value)
    }
  }
  const rounded = (name: keyof typeof contenders) => measured[name] ?? []
  const ratio = (mine: readonly number[], peer: keyof typeof contenders) =>
    bootstrapOf(mine.map((value, n) => value / (rounded(peer)[n] ?? Number.NaN)))
  const less = rounded('blocks').map((value, n) => value - (rounded('hashes')[n] ?? Number.NaN))
  const seconds = (name: keyof typeof contenders) => median(rounded(name)).toFixed(2)
  tools.say(
    `CPU s/GB: the digests alone ${seconds('hashes')}, blocks ${seconds('blocks')}, by tus ${seconds('tus')}; ` +
      `@tus/server as shipped ${seconds('shipped')}, with digests and syncs ${seconds('checked')}`,
  )
  return [
    row('CPU per GB less the digests, × @tus/server as shipped', ratio(less, 'shipped'), { atMost: 0.6 }),
    row('CPU per GB in all, × @tus/server with digests and syncs', ratio(rounded('blocks'), 'checked'), { atMost: 0.8 }),
    row('CPU per GB by tus with SHA-256 and syncs, × as shipped', ratio(rounded('tus'), 'shipped'), { atMost: 1 }),
  ]
}

async function wall({ tools, ours, shipped, filmOf, rounds }: House): Promise<Row[]> {
  const film = filmOf(tools.short ? 16 : 256)
  const four = async (act: () => Promise<void>) => {
    const startMs = performance.now()
    await Promise.all(Array.from({ length: 4 }, act))
    return ((performance.now() - startMs) * 1e6) / film.sizeBytes / 4
  }
  const turns = await alternate({ pairs: rounds, ours: () => four(() => ours.byBlocks(film)), peer: () => four(() => shipped.send(film)) })
  tools.say(`four at once: ${turns.ours.median.toFixed(2)} s/GB; @tus/server as shipped: ${turns.peer.median.toFixed(2)}`)
  return [row('wall per GB, 4 files at once, × as shipped', turns.ratio, { atMost: 1.5 })]
}

async function line({ tools, ours, shipped, filmOf }: House): Promise<Row[]> {
  const film = filmOf(tools.short ? 32 : 128)
  const goodput = async (port: number, send: (line: PoorLine) => Promise<void>) => {
    await using poor = await openPoorLine(port, stallingLine)
    const startMs = performance.now()
    await send(poor)
    return film.sizeBytes / MiB / ((performance.now() - startMs) / 1000)
  }
  const turns = await alternate({
    pairs: tools.short ? 1 : 3,
    warm: false,
    ours: () => goodput(ours.port(), (poor) => ours.byUploader(film, poor)),
    peer: () => goodput(shipped.port, (poor) => shipped.byClient(film, poor)),
  })
  tools.say(`over the poor line: ${turns.ours.median.toFixed(1)} MiB/s, tus-js-client ${turns.peer.median.toFixed(1)} MiB/s`)
  return [row('goodput at 40 ms with 1 % stalls, × tus-js-client on @tus/server', turns.ratio, { atLeast: 2 })]
}

async function kills({ tools, ours, filmOf }: House): Promise<Row[]> {
  const shares: number[] = []
  let count = 0
  for (let n = 0; n < (tools.short ? 1 : 3); n++) {
    const killed = await ours.killed(filmOf(tools.short ? 64 : 256), tools.short ? 4 * MiB : 12 * MiB)
    shares.push(killed.share)
    count += killed.kills
    tools.say(`sent ${killed.share.toFixed(4)} times what the file has, with ${killed.kills} kills`)
  }
  return [row('bytes sent / file, the server killed every 2 s', spreadOf(shares), { atMost: 1.02 }, { note: `${count} kills` })]
}

async function end({ tools, ours, filmOf }: House): Promise<Row[]> {
  const tookMs: number[] = []
  for (let n = 0; n < (tools.short ? 1 : 3); n++) tookMs.push(await ours.lastByteToTold(filmOf(tools.short ? 64 : 2048)))
  return [row('last byte to verified, stored, told', spreadOf(tookMs), { atMost: 300 }, { unit: 'ms' })]
}

async function memory({ tools, ours, filmOf }: House): Promise<Row[]> {
  const { firstMB, lastMB, declaredBytes } = await ours.memory(filmOf(tools.short ? 64 : 1024))
  const note = `${firstMB.toFixed(0)} MB in the first half, ${lastMB.toFixed(0)} in the second; declared as ${(declaredBytes / 1e9).toFixed(1)} GB each`
  return [row('memory while 8 files arrive, a gigabyte of each', Math.max(firstMB, lastMB), { atMost: 200 }, { unit: 'MB more', note })]
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
