import type { Injected, Injection } from '#server/http/inject.ts'
import type { Role } from '#server/lib/viewer.ts'
import type { Ground } from '#server/testing/grounds.ts'
import { startMatinee, type TestMatinee, type TestOptions } from '#server/testing/matinee.ts'
import { goodPassword } from '#server/testing/visitors.ts'

/** Everybody who may stand before a door. The keeper is a member to whom the thing in question belongs. */
export const kinds = ['stranger', 'member', 'keeper', 'moderator', 'admin', 'owner'] as const
export type Kind = (typeof kinds)[number]

/** Whoever has an account here. Deeds that change the token or the password say so by changing these. */
export type Somebody = { id: string; username: string; password: string; token: string }

/** Who stands before the door; strangers have nothing to show. */
export type Who = { kind: Kind; somebody: Somebody | undefined }

/** What is asked here is who may, not how often; and no worker may look at what lies here as films, and change what they are. */
const stillHouse = {
  set: { 'limits.requestsPerMinute': '1000000', 'transcoding.planPatience': '1ms' },
  without: ['worker'],
} as const

/** A whole Matinee with one person of each kind, and the means to make whatever a door is about. */
export class Stage implements AsyncDisposable {
  readonly matinee: TestMatinee
  readonly people: Record<Kind, Somebody | undefined>
  #count = 0
  #lent: Somebody | undefined
  /** Forget what was handed out for the present viewer. */
  #forgets = new Set<() => unknown>()

  static async open(ground: Ground, options: Pick<TestOptions, 'log' | 'set' | 'without'> = {}): Promise<Stage> {
    const stage = new Stage(await startMatinee(ground, { ...stillHouse, ...options, set: { ...stillHouse.set, ...options.set } }))
    stage.people.owner = await stage.join('127.0.0.1')
    for (const kind of ['member', 'keeper', 'moderator', 'admin'] as const)
      stage.people[kind] = await stage.fresh(kind === 'keeper' ? 'member' : kind)
    return stage
  }

  private constructor(matinee: TestMatinee) {
    this.matinee = matinee
    this.people = { stranger: undefined, member: undefined, keeper: undefined, moderator: undefined, admin: undefined, owner: undefined }
  }

  /** Each call comes from an address of its own, so that no limit by address answers for a policy. */
  call(injection: Injection): Promise<Injected> {
    return this.matinee.inject({ from: this.address(), ...injection })
  }

  address(): string {
    const n = ++this.#count
    return `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`
  }

  /** A name that nobody has. */
  name(): string {
    return `guest${++this.#count}`
  }

  async join(from = this.address()): Promise<Somebody> {
    const [username, password] = [this.name(), goodPassword]
    const { token, user } = await this.#demand<{ token: string; user: { id: string } }>({
      method: 'POST',
      path: '/user',
      body: { username, password },
      from,
    })
    return { id: user.id, username, password, token }
  }

  /** Somebody new, with a role. */
  async fresh(role: Exclude<Role, 'owner'> = 'member'): Promise<Somebody> {
    const somebody = await this.join()
    if (role !== 'member') await this.asOwner('PUT', `/admin/people/${somebody.id}/role`, { role })
    return somebody
  }

  /** Somebody for a thing: the same one until a deed has been done. Most doors let nobody near, and people are slow to make. */
  async borrow(): Promise<Somebody> {
    this.onDone(() => (this.#lent = undefined))
    return (this.#lent ??= await this.join())
  }

  /** The next one stands before a door. */
  stepUp(): void {
    this.#forgets.clear()
  }

  /** Something was done: whatever was handed out for it may not be as before. */
  wasDone(): void {
    for (const forget of this.#forgets) forget()
    this.#forgets.clear()
  }

  /** For whoever hands out a thing that the deed may change. */
  onDone(forget: () => unknown): void {
    this.#forgets.add(forget)
  }

  /** The same person by a session of its own, which may be ended. */
  async again(somebody: Somebody): Promise<Somebody> {
    const { username, password } = somebody
    const { token } = await this.#demand<{ token: string }>({ method: 'POST', path: '/api/session', body: { username, password } })
    return { ...somebody, token }
  }

  asOwner<T>(method: string, path: string, body?: object): Promise<T> {
    return this.as(this.people.owner, method, path, body)
  }

  as<T>(somebody: Somebody | undefined, method: string, path: string, body?: object): Promise<T> {
    return this.#demand<T>({
      method,
      path: `/api${path}`,
      headers: { authorization: `Bearer ${somebody?.token}` },
      ...(body === undefined ? {} : { body }),
    })
  }

  async #demand<T>(injection: Injection): Promise<T> {
    const { status, json, text } = await this.call(injection)
    if (status >= 300) throw new Error(`${injection.method} ${injection.path} on the way to a door: ${status} ${text}`)
    return json as T
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.matinee[Symbol.asyncDispose]()
  }
}
