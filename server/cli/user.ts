import { text } from 'node:stream/consumers'
import { LiveConfig } from '#server/config/live.ts'
import { type Backstage, openBackstage } from '#server/roles/backstage.ts'
import { Problem } from '#server/lib/problem.ts'
import { commonHelp, readOptions, refuseMore } from './options.ts'
import { quietLog } from './quiet-log.ts'
import { type Terminal, UsageError, type Verb } from './verb.ts'

export const user: Verb = {
  help: `
matinee user list [NAME]            people, or those whose name begins so
matinee user add NAME               an account; prints a link to choose its password
matinee user reset NAME             a link to choose a new password; works once, for two days
matinee user role NAME ROLE         owner, admin, moderator or member. There is one owner
matinee user approve NAME           takes in somebody who waits
matinee user suspend NAME           ends their sessions and lets them in no more
matinee user unsuspend NAME         lets them in again
matinee user end-sessions NAME      logs them out everywhere
matinee user lost-factor NAME       takes away a second factor that was lost

Works beside a running Matinee, on the same configuration: what ends here is over there within a second.

  --role ROLE         list: only these; add: give this role
  --state STATE       list: only active, waiting or suspended
  --password-stdin    add: take the password from the standard input instead of printing a link
  --reason TEXT       suspend: what the person is told
  --until DATE        suspend: the day it ends, such as 2027-01-31; without it: until lifted
${commonHelp}`,
  run,
}

const own = {
  role: { type: 'string' },
  state: { type: 'string' },
  reason: { type: 'string' },
  until: { type: 'string' },
  'password-stdin': { type: 'boolean' },
} as const

type Given = { values: Record<string, unknown>; words: string[]; terminal: Terminal; house: Backstage }
const acts: Record<string, { words: number; most?: number; act(given: Given): Promise<void> }> = {
  list: { words: 0, most: 1, act: list },
  add: { words: 1, act: add },
  reset: { words: 1, act: reset },
  role: { words: 2, act: changeRole },
  approve: { words: 1, act: onPerson((people, id) => people.approve(atTheConsole, id), 'is taken in') },
  suspend: { words: 1, act: suspend },
  unsuspend: { words: 1, act: onPerson((people, id) => people.unsuspend(atTheConsole, id), 'may come in again') },
  'end-sessions': { words: 1, act: onPerson((people, id) => people.endSessions(atTheConsole, id), 'is logged out everywhere') },
  'lost-factor': { words: 1, act: onPerson((people, id) => people.endSecondFactor(atTheConsole, id), 'needs no second factor any more') },
}
const atTheConsole = { kind: 'console' } as const
const roles = ['owner', 'admin', 'moderator', 'member'] as const
const states = ['active', 'waiting', 'suspended'] as const

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { origin, values, positionals } = readOptions(argv, terminal, own)
  const [name = '', ...words] = positionals
  const verb = Object.hasOwn(acts, name) ? acts[name] : undefined
  if (!verb) throw new UsageError(`matinee user does one of: ${Object.keys(acts).join(', ')}.`)
  if (words.length < verb.words)
    throw new UsageError(verb.words === 2 ? `matinee user ${name} needs NAME and ROLE.` : `matinee user ${name} needs a NAME.`)
  refuseMore(words, verb.most ?? verb.words)
  using live = new LiveConfig(origin)
  await using house = await openBackstage({ config: () => live.current(), log: quietLog(terminal) })
  await using working = startNothing(house)
  void working
  try {
    await verb.act({ values, words, terminal, house })
    return 0
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { inWords } = await import('./problem-words.ts')
    terminal.err(`${inWords(error)}\n`)
    return 1
  }
}

/** Tasks are asked for here and done where Matinee runs. */
function startNothing(house: Backstage): AsyncDisposable {
  const working = house.begin([])
  return { [Symbol.asyncDispose]: () => working.drain({ patienceMs: 0 }) }
}

async function list({ values, words, terminal, house }: Given): Promise<void> {
  const role = oneOf('role', values.role, roles)
  const state = oneOf('state', values.state, states)
  let cursor: string | null = null
  do {
    const filter = {
      limit: 100,
      ...(words[0] === undefined ? {} : { q: words[0] }),
      ...(role ? { role } : {}),
      ...(state ? { state } : {}),
      ...(cursor === null ? {} : { cursor }),
    }
    const page = await house.features.admin.people.list(atTheConsole, filter)
    for (const { username, displayName, role: has, state: is, sessions, createdAt, suspension } of page.items) {
      const until = suspension ? ` until ${suspension.until?.slice(0, 10) ?? 'lifted'}: ${suspension.reason}` : ''
      terminal.out(`${username}\t${displayName}\t${has}\t${is}${until}\t${sessions} sessions\tsince ${createdAt.slice(0, 10)}\n`)
    }
    cursor = page.nextCursor
  } while (cursor !== null)
}

async function add({ values, words, terminal, house }: Given): Promise<void> {
  const [username = ''] = words
  const role = oneOf('role', values.role, roles)
  const password = values['password-stdin'] === true ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined
  const id = await house.features.accounts.create({ username, password })
  if (role && role !== 'member') await house.features.admin.people.changeRole(atTheConsole, id, role)
  terminal.out(`${username} has an account${role ? ` as ${role}` : ''}.\n`)
  if (password === undefined) await printLink(id, { terminal, house })
}

async function reset({ words, terminal, house }: Given): Promise<void> {
  await printLink(await idOf(words, house), { terminal, house })
}

async function printLink(id: string, { terminal, house }: Pick<Given, 'terminal' | 'house'>): Promise<void> {
  const { path, expiresMs } = await house.features.admin.people.makeResetLink(atTheConsole, id)
  const { site, http } = house.config()
  const base = site.url === '' ? `http://localhost:${http.port}` : site.url.replace(/\/+$/, '')
  terminal.out(`Choose a password here, once, until ${new Date(expiresMs).toLocaleString()}:\n${base}${path}\n`)
}

async function changeRole({ words, terminal, house }: Given): Promise<void> {
  const role = oneOf('ROLE', words[1], roles)
  if (!role) throw new UsageError(`ROLE is one of ${roles.join(', ')}.`)
  await house.features.admin.people.changeRole(atTheConsole, await idOf(words, house), role)
  terminal.out(`${words[0]} is ${role} now.\n`)
}

async function suspend({ values, words, terminal, house }: Given): Promise<void> {
  const reason = typeof values.reason === 'string' ? values.reason.trim() : ''
  if (reason === '') throw new UsageError('matinee user suspend needs --reason TEXT: the person is told.')
  const until = untilOf(values.until)
  await house.features.admin.people.suspend(atTheConsole, await idOf(words, house), { reason, ...(until === undefined ? {} : { until }) })
  terminal.out(
    `${words[0]} is suspended ${until === undefined ? 'until that is lifted' : `until ${until.slice(0, 10)}`}, and logged out everywhere.\n`,
  )
}

function untilOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const day = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(value) : undefined
  if (!day || Number.isNaN(day.getTime())) throw new UsageError('--until takes a day, such as 2027-01-31.')
  return day.toISOString()
}

function onPerson(work: (people: Backstage['features']['admin']['people'], id: string) => Promise<void>, outcome: string) {
  return async ({ words, terminal, house }: Given): Promise<void> => {
    await work(house.features.admin.people, await idOf(words, house))
    terminal.out(`${words[0]} ${outcome}.\n`)
  }
}

async function idOf([username = '']: string[], house: Backstage): Promise<string> {
  const id = await house.features.accounts.findIdByName(username)
  if (id === undefined) throw new Problem('not_found', 'user.not_found')
  return id
}

function oneOf<T extends string>(what: string, value: unknown, known: readonly T[]): T | undefined {
  if (value === undefined) return undefined
  const found = known.find((one) => one === value)
  if (found === undefined) throw new UsageError(`${what} is one of ${known.join(', ')}, not ${typeof value === 'string' ? value : 'that'}.`)
  return found
}
