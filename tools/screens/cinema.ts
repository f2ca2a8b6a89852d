import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { launch } from '../bench/frame.ts'
import { comments, danmaku, type Film, films, makeFilm } from './films.ts'

const execute = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const matinee = join(root, 'matinee')

export type Cinema = { origin: string; owner: string; password: string; film: string | undefined } & AsyncDisposable

/** A house as it is before anybody has come. */
export async function openEmpty(folder: string): Promise<Cinema> {
  const house = await launch(matinee, {
    args: ['serve', '--port', '0', '--data', folder],
    until: /(http:\/\/localhost:\d+)/,
    untilMs: 60_000,
  })
  return { origin: house.match?.[1] ?? '', owner: '', password: '', film: undefined, [Symbol.asyncDispose]: () => house.stop() }
}

/** A club as `matinee seed` makes it, with films that its people sent by `matinee upload`. */
export async function openClub(folder: string, say: (line: string) => void): Promise<Cinema> {
  const data = join(folder, 'club')
  const { stdout } = await execute(matinee, ['seed', '--data', data])
  const [, owner = '', password = ''] = /Log in as (\S+), who owns[^]*?\n\n {2}(.+)\n/.exec(stdout) ?? []
  const house = await openEmpty(data)
  const { origin } = house
  const people = createPeople(origin, password)
  const sent: string[] = []
  for (const film of films) {
    const vid = await send({ film, folder, origin, password, people })
    if (vid) sent.push(vid)
  }
  say(`${sent.length} films sent`)
  const [first] = sent
  if (first) {
    await untilPlayable(
      sent.map((vid) => `${origin}/api/videos/${vid}`),
      say,
    )
    for (const { by, text } of comments) await people.call(by, 'POST', `/videos/${first}/comments`, { text })
    for (const [at, text] of danmaku.entries())
      await people.call('hana.kim', 'POST', `/videos/${first}/danmaku`, { atMs: 400 + at * 700, text })
    for (const vid of sent) await people.call('marta', 'POST', `/videos/${vid}/views`, { watchedMs: 6000 })
  }
  return { ...house, owner, password, film: first }
}

function createPeople(origin: string, password: string) {
  const tokens = new Map<string, string>()
  const ask = async (method: string, path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
    const answer = await fetch(`${origin}/api${path}`, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.status === 204 ? undefined : ((await answer.json()) as { token?: string })
  }
  return {
    async call(by: string, method: string, path: string, body: object) {
      const token = tokens.get(by) ?? (await ask('POST', `/user/${encodeURIComponent(by)}`, { password }))?.token ?? ''
      tokens.set(by, token)
      await ask(method, path, body, token)
    },
  }
}

type Sending = { film: Film; folder: string; origin: string; password: string; people: ReturnType<typeof createPeople> }

async function send({ film, folder, origin, password, people }: Sending): Promise<string | undefined> {
  const path = makeFilm(folder, film)
  if (!path) return undefined
  const env = { ...process.env, MATINEE_PASSWORD: password }
  const { stdout } = await execute(matinee, ['upload', path, '--to', origin, '--user', film.by, '--json'], { env })
  const { vid } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { vid: string }
  const { title, description, tags } = film
  await people.call(film.by, 'PATCH', `/user/${encodeURIComponent(film.by)}/videos/${vid}`, {
    title,
    description,
    tags,
    visibility: 'public',
  })
  return vid
}

/** A crowded machine takes its time; what is not ready by then is shown as it is. */
async function untilPlayable(addresses: readonly string[], say: (line: string) => void): Promise<void> {
  for (let waited = 0; waited < 300; waited++) {
    const states = await Promise.all(addresses.map(async (address) => ((await (await fetch(address)).json()) as { state?: string }).state))
    if (states.every((state) => state === 'ready' || state === 'failed')) return
    await sleep(1000)
  }
  say('not all films are ready; they are shown as they are')
}
