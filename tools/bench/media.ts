import { link } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ffmpeg, makeFilm } from '../../server/testing/films.ts'
import { openSeal } from '../../server/media/tool/seal.ts'
import { alternate, type Bench, type BenchTools, bootstrapOf, median, quantile, type Row, row, type Spread, spreadOf } from './frame.ts'
import { firstPlayableMs, lengthened, openHouse, plainSegmentMs } from './media/arrival.ts'
import { cpuOf, ssimOf } from './media/cpu.ts'
import { cpuByDemand } from './media/demand.ts'
import { cellsOf, type Ladder, makeRows, openLadder, plainRows, writeRows } from './media/ladder.ts'

export const bench: Bench = {
  name: 'media',
  about: 'how soon films play, what making them costs, and what it would cost plain FFmpeg',
  async run(tools) {
    const clips = await makeClips(tools)
    const stages = { arrivals, seeks, ladders, demand }
    const rows: Row[] = []
    for (const [name, stage] of Object.entries(stages))
      if (tools.wants(name)) for await (const one of stage(tools, clips)) rows.push(tools.found(one))
    return rows
  },
}

type Clips = { noisy: string; light: string; foreign: string }

/** A noisy 1080p for what encoding costs; a light one as browsers play it, and the same as none does, for what length costs. */
async function makeClips({ folder, short, say }: BenchTools): Promise<Clips> {
  say('making the clips')
  const clip = (name: string, output: readonly string[], frames: number, noise: number, size = '1920:1080') =>
    makeFilm({
      path: join(folder, name),
      ...{ frames, rate: '25', filters: ['-vf', `scale=${size}:flags=neighbor,noise=alls=${noise}:allf=t,format=yuv420p`] },
      output: [...output, '-c:a', 'aac'],
    })
  const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50']
  return {
    noisy: await clip('noisy.mp4', [...x264, '-b:v', '12M', '-g', '250'], short ? 200 : 300, 20),
    light: await clip('light.mp4', [...x264, '-crf', '32'], 250, 2, '1280:720'),
    foreign: await clip('foreign.mp4', ['-c:v', 'mpeg4', '-q:v', '8', '-g', '50'], 250, 2, '1280:720'),
  }
}

async function* arrivals(tools: BenchTools, clips: Clips): AsyncGenerator<Row> {
  const { folder, short, say } = tools
  const lengths = [{ title: '10 s', times: 1 }, { title: '10 min', times: 60 }, ...(short ? [] : [{ title: '2 h', times: 720 }])]
  const arrive = async (path: string, kind: 'as it is' | 'encoded') => {
    // A house of its own each time: nothing else is under way in it.
    await using house = await openHouse()
    const name = join(house.stage.folder, 'arriving.mp4')
    await link(path, name)
    return await firstPlayableMs(house, name, kind)
  }
  // The first films of a process pay for the code that is loaded when it is wanted first.
  await arrive(clips.light, 'as it is')
  await arrive(clips.foreign, 'encoded')
  for (const { title, times } of lengths) {
    say(`a film of ${title} arrives`)
    const asItIs = await lengthened(clips.light, times, join(folder, 'long-light.mp4'))
    const foreign = await lengthened(clips.foreign, times, join(folder, 'long-foreign.mp4'))
    const takes = Array.from({ length: short ? 1 : 3 })
    const wholes: number[] = []
    for (const _ of takes) wholes.push((await arrive(asItIs, 'as it is')) / 1000)
    yield row(`playable as it is, ${title}`, spreadOf(wholes), { atMost: 0.5 }, { unit: 's' })
    const turns = await alternate({
      pairs: short ? 1 : 3,
      warm: false,
      ours: async () => Math.max(1, (await arrive(foreign, 'encoded')) - 300),
      peer: () => plainSegmentMs(foreign, { atS: 0, folder, sound: true }),
    })
    yield row(`playable when encoded, less 0.3 s, × one FFmpeg, ${title}`, turns.ratio, { atMost: 1.3 }, { note: pairOf(turns, 300) })
  }
}

const pairOf = (turns: { ours: { median: number }; peer: { median: number } }, moreMs = 0) =>
  `${((turns.ours.median + moreMs) / 1000).toFixed(2)} s, FFmpeg ${(turns.peer.median / 1000).toFixed(2)} s`

async function* seeks({ folder, short, say }: BenchTools, clips: Clips): AsyncGenerator<Row> {
  say('seeks to places never made')
  const path = await lengthened(clips.noisy, short ? 8 : 30, join(folder, 'long-noisy.mp4'))
  await using house = await openHouse()
  const { videoId } = await house.stage.arrive(path)
  const list = new TextDecoder().decode(await house.insist(`${videoId}/master.m3u8`).then(() => house.insist(`${videoId}/1/v360.m3u8`)))
  const count = list.split('\n').filter((line) => line.endsWith('.m4s')).length
  while ((await house.stage.videos.see(house.stage.owner, videoId)).state !== 'ready') await sleep(200)
  const ratios: number[] = []
  const wanted = short ? 4 : 50
  for (let seek = 0; seek < wanted; seek++) {
    // From the end backwards: what fills the rest begins in front, and two cells are made at a time.
    const cell = count - 2 - Math.floor((seek * (count - 20)) / wanted)
    const ours = async () => {
      const beganMs = performance.now()
      await house.insist(`${videoId}/1/v360/${cell}.m4s`)
      return performance.now() - beganMs
    }
    const peer = () => plainSegmentMs(path, { atS: cell * 4, folder, sound: false })
    if (seek % 2 === 0) {
      const mine = await ours()
      ratios.push(mine / (await peer()))
    } else {
      const theirs = await peer()
      ratios.push((await ours()) / theirs)
    }
    if (seek % 10 === 9) say(`${seek + 1} of ${wanted}, median so far ${median(ratios).toFixed(2)}`)
  }
  const note = `${wanted} pairs, median ${median(ratios).toFixed(2)}`
  yield row('seek to a place never made, p95 of the ratios', quantile(ratios, 0.95), { atMost: 1.3 }, { note })
}

async function* ladders(tools: BenchTools, clips: Clips): AsyncGenerator<Row> {
  const { folder, short, say } = tools
  await using seal = await openSeal()
  const ladder = await openLadder(seal, clips.noisy, join(folder, 'prepared'))
  const whole = { start: 0, end: cellsOf(ladder) }
  say(`the ladder: ${ladder.plan.video.rows.map(({ name }) => name).join(' ')}, ${whole.end} cells`)
  const made: Made = new Map()
  const folders: Folders = { ours: join(folder, 'ours'), pass: join(folder, 'pass'), less: join(folder, 'less') }
  const oneEach = async () => {
    for (const { name } of ladder.plan.video.rows) await plainRows(ladder, join(folder, 'each'), { rows: [name] })
  }
  // Ours in the midst of both: what the machine does beside changes what a second of CPU is worth.
  const turns: { ours: number; atOnce: number; each: number }[] = []
  for (let turn = 0; turn < (short ? 1 : 3); turn++) {
    const atOnce = await cpuOf(() => plainRows(ladder, folders.pass))
    const ours = await cpuOf(() => makeRows(ladder, whole, made))
    turns.push({ ours, atOnce, each: await cpuOf(oneEach) })
  }
  const against = (peer: 'atOnce' | 'each') => {
    const [mine, theirs] = [turns.map(({ ours }) => ours), turns.map((turn) => turn[peer])]
    const note = pairOf({ ours: spreadOf(mine), peer: spreadOf(theirs) })
    return { ratio: bootstrapOf(turns.map((turn) => turn.ours / turn[peer])), note }
  }
  const [atOnce, each] = [against('atOnce'), against('each')]
  yield row('CPU of the ladder, × one FFmpeg making the rows at once', atOnce.ratio, { atMost: 1.05 }, { note: atOnce.note })
  yield row('the same, × one FFmpeg a row', each.ratio, { atMost: 0.8 }, { note: each.note })
  say('two workers')
  const { ratio, busy } = await twoWorkers(ladder, whole, short ? 1 : 2)
  yield row('ladder by two workers of one thread, CPU × one worker’s', ratio, { atMost: 1.05 })
  yield row('time that both are busy', busy, { atLeast: 95 }, { unit: '%' })
  say('bytes at equal quality')
  await writeRows(ladder, made, folders.ours)
  await plainRows(ladder, folders.less, { crf: 24 })
  yield row('bytes of the rows at the SSIM of one pass', await bytesAtQuality(ladder, folders), { atMost: 1.01 })
}

type Made = Map<string, Map<number, Uint8Array>>
type Folders = { ours: string; pass: string; less: string }

async function twoWorkers(ladder: Ladder, whole: { end: number }, rounds: number) {
  const middle = Math.floor(whole.end / 2)
  const halves = [
    { start: 0, end: middle },
    { start: middle, end: middle * 2 },
  ]
  const [ratios, busy]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const alone = await cpuOf(async () => {
      for (const half of halves) await makeRows(ladder, half)
    })
    const times: number[] = []
    const beganMs = performance.now()
    const together = await cpuOf(() =>
      Promise.all(halves.map(async (half) => times.push(await makeRows(ladder, half).then(() => performance.now() - beganMs)))),
    )
    ratios.push(together / alone)
    busy.push((100 * times.reduce((sum, time) => sum + time, 0)) / (2 * Math.max(...times)))
  }
  return { ratio: spreadOf(ratios), busy: spreadOf(busy) }
}

/** What one pass would need for our SSIM, between its own rate and a little less. */
async function bytesAtQuality(ladder: Ladder, { ours, pass, less }: Folders): Promise<Spread> {
  const ratios: number[] = []
  for (const video of ladder.plan.video.rows) {
    const points = await Promise.all(
      [ours, pass, less].map(async (one) => {
        const path = join(one, `${video.name}.mp4`)
        const packets = (await ffmpeg(['-v', 'error', '-i', path, '-map', '0:v', '-c', 'copy', '-f', 'h264', '-'])).length
        return { bytes: packets, ssim: await ssimOf(path, ladder.source, video) }
      }),
    )
    const [mine, full, lower] = points
    if (!mine || !full || !lower) continue
    const slope = (Math.log(full.bytes) - Math.log(lower.bytes)) / (full.ssim - lower.ssim)
    // A cap that holds both passes at one rate tells nothing of the slope: then plain bytes.
    const isTelling = full.bytes > lower.bytes * 1.01 && full.ssim > lower.ssim
    const fair = isTelling ? Math.exp(Math.log(full.bytes) + slope * (mine.ssim - full.ssim)) : full.bytes
    ratios.push(mine.bytes / fair)
  }
  // The mean over the rows, and the rows that lie farthest from it.
  return { ...spreadOf(ratios), median: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length }
}

async function* demand({ folder, short, say }: BenchTools, clips: Clips): AsyncGenerator<Row> {
  say('what is really watched')
  await using seal = await openSeal()
  const ladder = await openLadder(seal, clips.noisy, join(folder, 'prepared-again'))
  const { plan } = ladder
  const end = cellsOf(ladder)
  // From the second cell on: it lies as far behind a keyframe as a cell does on average.
  const spans = short ? [1] : [1, Math.min(3, end - 1)]
  const ofRow = async (name: string) => {
    const video = { ...plan.video, rows: plan.video.rows.filter((one) => one.name === name) }
    const costs: number[] = []
    for (const cells of spans)
      costs.push(await cpuOf(() => makeRows({ ...ladder, plan: { ...plan, video } }, { start: 1, end: 1 + cells })))
    const [one = 0, more] = costs
    const cellMs = more === undefined ? one : (more - one) / ((spans[1] ?? 2) - 1)
    return { beginMs: Math.max(0, one - cellMs), cellMs }
  }
  const rows = new Map<string, { beginMs: number; cellMs: number }>()
  const names = plan.video.rows.map(({ name }) => name)
  const middle = Math.floor(names.length / 2)
  for (const name of names.slice(0, middle)) rows.set(name, await ofRow(name))
  // What the machine does beside changes what a second of CPU is worth: everything at once is measured in the midst of the rows.
  const wholeMs = (await cpuOf(() => makeRows(ladder, { start: 0, end }))) / end
  for (const name of names.slice(middle)) rows.set(name, await ofRow(name))
  const { ratio, watchedMinutes, runs } = cpuByDemand(plan, { rows, wholeMs })
  const cells = [...rows].map(([name, { beginMs, cellMs }]) => `${name} ${(beginMs / 1000).toFixed(1)} + ${(cellMs / 1000).toFixed(1)}`)
  const note = `${Math.round(watchedMinutes)} min watched of 200 films in ${runs} runs; CPU s to begin a run and a cell: ${cells.join(', ')}; all rows ${(wholeMs / 1000).toFixed(1)}`
  yield row('CPU by demand, × everything at once', ratio, { atMost: 0.25 }, { note })
}
