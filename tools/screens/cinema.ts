import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { launch } from '../bench/frame.ts'

const execute = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const matinee = join(root, 'matinee')

/** `film` is the one most watched, `own` one whose maker looks at it in the studio. */
export type Cinema = {
  origin: string
  owner: string
  password: string
  film: string | undefined
  own: string | undefined
} & AsyncDisposable

/** A house as it is before anybody has come. */
export async function openEmpty(folder: string): Promise<Cinema> {
  const house = await launch(matinee, {
    args: ['serve', '--port', '0', '--data', folder],
    until: /(http:\/\/localhost:\d+)/,
    untilMs: 60_000,
  })
  return {
    origin: house.match?.[1] ?? '',
    owner: '',
    password: '',
    film: undefined,
    own: undefined,
    [Symbol.asyncDispose]: () => house.stop(),
  }
}

/** A club as `matinee seed` makes it. */
export async function openClub(folder: string, { say, signal }: { say: (line: string) => void; signal: AbortSignal }): Promise<Cinema> {
  const data = join(folder, 'club')
  const seeding = execute(matinee, ['seed', '--data', data])
  signal.addEventListener('abort', () => seeding.child.kill('SIGTERM'), { once: true })
  const { stdout } = await seeding
  say(
    stdout
      .split('\n')
      .filter((line) => /films/.test(line))
      .join('; '),
  )
  const [, owner = '', password = ''] = /Log in as (\S+), who owns[^]*?\n\n {2}(.+)\n/.exec(stdout) ?? []
  const house = await openEmpty(data)
  const answer = await fetch(`${house.origin}/api/videos?sort=top&limit=30`)
  const { items } = (await answer.json()) as { items: { id: string; owner: { username: string } }[] }
  return { ...house, owner, password, film: items[0]?.id, own: items.find(({ owner: maker }) => maker.username === '周可')?.id }
}

/** What somebody has chosen for good comes before what their browser says: pictures in a language are taken of who has chosen it. */
export async function choose(cinema: Cinema, username: string, language: string): Promise<void> {
  const ask = async (method: string, path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
    const answer = await fetch(`${cinema.origin}/api${path}`, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { token?: string }
  }
  const { token } = await ask('POST', `/user/${encodeURIComponent(username)}`, { password: cinema.password })
  await ask('PATCH', '/me', { language }, token)
}
