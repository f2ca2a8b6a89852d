import { join } from 'node:path'
import { openChromium } from '../../server/testing/parts/chromium.ts'
import { openClub } from '../screens/cinema.ts'
import { danmakuOnScreen } from './danmaku/on-screen.ts'
import { alternate, type Bench, type BenchTools, type Launched, launch, quantile, type Row, row, spreadOf } from './frame.ts'
import { type BenchHouse, benchId, filmRow, openBenchHouse } from './house.ts'

/** Or who watches takes the time of who serves. */
const [serverCore, viewersCore] = [[0], [1]]
const filmMs = 600_000
const packetMs = 30_000
const words = ['好美', '前方高能', 'the light!', '原來是這裡', '第一次看就哭了', '来了来了', '2333333', 'I was there']

/** The largest half minute of 5,000 a minute, in KiB before it is packed. */
const packetGoals = { sparse: 32, normal: 96, full: 640 } as const

export const bench: Bench = {
  name: 'danmaku',
  about: '50,000 over ten minutes: what a half minute of them costs, how soon new ones are at 2,000 viewers, and how they fly',
  async run(tools) {
    const rows: Row[] = []
    if (tools.wants('packets') || tools.wants('live')) {
      const house = await openBenchHouse(tools.folder, tools.closing, { cores: serverCore })
      const film = benchId('f', 1)
      const nowMs = Date.now()
      const times = { duration_ms: filmMs, published_ms: nowMs, announced_ms: nowMs, created_ms: nowMs, updated_ms: nowMs }
      house.fill('video', [{ ...filmRow(house, film, 'Ten minutes'), ...times }])
      house.fill('video_figure', [{ video_id: film, views: 0, own_views: 0, likes: 0, favourites: 0, hot: 0, counted_ms: 0 }])
      house.fill('danmaku', all(film, house.accountId, tools.short ? 5000 : 50_000))
      if (tools.wants('packets')) rows.push(...(await packets(house, film)))
      if (tools.wants('live')) rows.push(...(await live(tools, house, film)))
      house.closeRows()
    }
    if (tools.wants('screen')) rows.push(...(await screen(tools)))
    return rows
  },
}

function* all(film: string, author: string, count: number) {
  const own = { video_id: film, author_id: author, is_import: 0, mode: 'scroll', size: 'normal', color: 0xffffff, is_hidden: 0 }
  for (let n = 0; n < count; n++) {
    const sayer = `s${n % 997}`.padEnd(12, 'x')
    const text = n % 3 === 0 ? (words[n % words.length] ?? '') : `${words[n % words.length]} ${n}`
    yield {
      ...own,
      id: benchId('d', n),
      sender: sayer,
      at_ms: Math.floor((n / count) * filmMs),
      text,
      likes: n % 13,
      created_ms: 1_700_000_000_000 + n,
    }
  }
}

/** Each half minute the first time that anybody asks, at each density. */
async function packets(house: BenchHouse, film: string): Promise<Row[]> {
  const rows: Row[] = []
  // Once unmeasured: what is loaded for the first packet of all is loaded here.
  await house.call('GET', `/api/videos/${film}/danmaku?fromMs=${filmMs}&density=sparse`)
  for (const density of ['sparse', 'normal', 'full'] as const) {
    const times: number[] = []
    let largest = 0
    let shown = 0
    const cpuMs = house.process.cpuMs()
    for (let fromMs = 0; fromMs < filmMs; fromMs += packetMs) {
      const beganMs = performance.now()
      const packet = await house.call<{ items: unknown[] }>(
        'GET',
        `/api/videos/${film}/danmaku?fromMs=${fromMs}&toMs=${fromMs + packetMs}&density=${density}`,
      )
      times.push(performance.now() - beganMs)
      shown += packet.items.length
      largest = Math.max(largest, JSON.stringify(packet).length / 1024)
    }
    const note = `${shown} shown in ${times.length} packets, ${((house.process.cpuMs() - cpuMs) / times.length).toFixed(1)} ms of CPU each`
    rows.push(row(`a packet, ${density}, at most`, largest, { atMost: packetGoals[density] }, { unit: 'KiB', note }))
    rows.push(row(`a packet, ${density}, made and sent, p99`, quantile(times, 0.99), { atMost: 150 }, { unit: 'ms' }))
  }
  return rows
}

type Said = { delivered: number; missing: number; wrong: number; p99: number }

/** One person holds some thirty lines; what flies is sent by forty people over the API. The peer sends each to each by itself. */
async function live(tools: BenchTools, house: BenchHouse, film: string): Promise<Row[]> {
  const tokens = await Promise.all(Array.from({ length: 64 }, (_, n) => house.join(`flyer${n}`)))
  const room = { clients: tools.short ? 200 : 2000, rate: 100, seconds: tools.short ? 2 : 5 }
  const p99: number[] = []
  const plain = await launch(join(import.meta.dirname, 'sockets/plain-ws.ts'), {
    nodeFlags: ['--expose-gc'],
    cores: serverCore,
    until: /listening on (\d+)/,
  })
  tools.closing(plain)
  const ours = () =>
    costOf(house.process, { kind: 'danmaku', port: house.port, film, tokens: tokens.join(','), ...room }, (said) => p99.push(said.p99))
  const peer = () => costOf(plain, { kind: 'plain-ws', port: Number(plain.match?.[1]), ...room })
  const { ratio } = await alternate({ pairs: tools.short ? 1 : 3, ours, peer })
  return [
    row(`at ${room.clients} viewers, ${room.rate} a second, p99`, spreadOf(p99), { atMost: 150 }, { unit: 'ms' }),
    row('CPU a delivery, × a plain loop', ratio, { atMost: 0.5 }),
  ]
}

/** CPU of the server for a delivery, in microseconds. */
async function costOf(server: Launched, crowd: Record<string, string | number>, heard: (said: Said) => void = () => {}): Promise<number> {
  const args = Object.entries(crowd).flatMap(([name, value]) => [`--${name}`, String(value)])
  await using viewers = await launch(join(import.meta.dirname, 'sockets/crowd.ts'), {
    args,
    cores: viewersCore,
    until: /ready/,
    untilMs: 60_000,
  })
  const before = server.cpuMs()
  viewers.send('SIGUSR2')
  const code = await viewers.ended()
  if (code !== 0) throw new Error(`the viewers broke up with ${code}:\n${viewers.lines().join('\n')}`)
  const cpuMs = server.cpuMs() - before
  const said = JSON.parse(viewers.lines().at(-1) ?? '') as Said
  if (said.missing !== 0 || said.wrong !== 0) throw new Error(`${crowd['kind']}: ${said.missing} missing, ${said.wrong} out of order`)
  heard(said)
  return (cpuMs * 1000) / said.delivered
}

async function screen(tools: BenchTools): Promise<Row[]> {
  const club = await openClub(tools.folder, { say: tools.say, signal: new AbortController().signal })
  tools.closing(club)
  const { origin, film } = club
  if (film === undefined) throw new Error('There is no film to look at: FFmpeg is missing.')
  const chromium = await openChromium()
  tools.closing(chromium)
  return danmakuOnScreen({ chromium, origin, film, seconds: tools.short ? 3 : 20 })
}
