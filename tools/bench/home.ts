import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { alternate, type Bench, httpLoad, type Launched, launch, row } from './frame.ts'
import { type BenchHouse, benchId, filmRow, openBenchHouse } from './house.ts'

type Home = { rows: { key: string; items: { id: string }[] }[] }

export const bench: Bench = {
  name: 'home',
  about: 'the home page of somebody signed in, of 100,000 films, against bare Fastify with the same body: requests per CPU second',
  async run({ short, say, folder, closing }) {
    const films = short ? 2000 : 100_000
    const house = await openBenchHouse(folder, closing)
    fillWithFilms(house, films)
    const home = await house.call<Home>('GET', '/api/home')
    say(`${films} films; ${home.rows.map(({ key, items }) => `${key} ${items.length}`).join(', ')}`)
    if (home.rows.length < 3) throw new Error('a home page without films')
    const file = join(folder, 'home.json')
    await writeFile(file, JSON.stringify(home))
    const bare = await launch(join(import.meta.dirname, 'home/bare.ts'), { args: [file], until: /port (\d+)/ })
    closing(bare)
    const headers = { cookie: `matinee=${house.token}` }
    const pairs = short ? 2 : 7
    const peer = perCpuSecond(bare, { port: Number(bare.match?.[1]), path: '/api/home', requests: short ? 1000 : 10_000 })
    const ours = perCpuSecond(house.process, { port: house.port, path: '/api/home', headers, requests: short ? 500 : 5000 })
    const page = perCpuSecond(house.process, { port: house.port, path: '/', headers, requests: short ? 100 : 1000 })
    await ours()
    await page()
    const api = await alternate({ pairs, ours, peer })
    const html = await alternate({ pairs, ours: page, peer })
    return [
      row('GET /api/home, × bare', api.ratio, { atLeast: 0.5 }, { note: `${Math.round(api.ours.median)} a CPU second` }),
      row('the same page as HTML, × bare', html.ratio, { atLeast: 0.15 }, { note: `${Math.round(html.ours.median)} a CPU second` }),
    ]
  },
}

type Load = { port: number; path: string; headers?: Record<string, string>; requests: number }

const perCpuSecond = (server: Launched, load: Load) => async () => {
  const before = server.cpuMs()
  const { count, failed } = await httpLoad({ ...load, connections: 16 })
  if (failed > 0) throw new Error(`${failed} wrong answers from ${load.path}`)
  return count / ((server.cpuMs() - before) / 1000)
}

/** Of one person, playable, with figures and a few tags: what the rows of the page choose from. */
function fillWithFilms(house: BenchHouse, count: number): void {
  const nowMs = Date.now()
  const numbers = Array.from({ length: count }, (_, n) => n)
  const id = (n: number) => benchId('f', n)
  house.fill(
    'video',
    numbers.map((n) => ({
      ...filmRow(house, id(n), `Film number ${n}`),
      ...{
        duration_ms: 60_000 + n,
        published_ms: nowMs - count + n,
        announced_ms: nowMs,
        created_ms: nowMs,
        updated_ms: nowMs - 3_600_000,
      },
    })),
  )
  house.fill(
    'video_figure',
    numbers.map((n) => ({
      video_id: id(n),
      views: n % 977,
      own_views: 0,
      likes: n % 31,
      favourites: 0,
      hot: (n * 7919) % 100_003,
      counted_ms: 0,
    })),
  )
  house.fill(
    'video_tag',
    numbers.map((n) => ({ video_id: id(n), tag_key: `tag${n % 12}`, label: `Tag${n % 12}`, place: 0 })),
  )
  house.closeRows()
}
