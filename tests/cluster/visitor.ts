/** A person at the front of the cluster, who writes without a pause and remembers what was acknowledged. */
export class Visitor {
  readonly name: string
  readonly #url: string
  readonly #token: string
  /** The highest number that was acknowledged, and the highest that was tried. */
  acknowledged = 0
  tried = 0
  refusals: string[] = []

  private constructor(url: string, name: string, token: string) {
    this.#url = url
    this.name = name
    this.#token = token
  }

  static async enter(url: string, name: string): Promise<Visitor> {
    const answer = await send(url, '/api/user', { method: 'POST', body: { username: name, password: 'a long walk home' } })
    if (answer.status !== 201) throw new Error(`${name} was not let in: ${answer.status} ${answer.text}`)
    return new Visitor(url, name, (JSON.parse(answer.text) as { token: string }).token)
  }

  /** One write. True: acknowledged. */
  async write(): Promise<boolean> {
    const number = ++this.tried
    const answer = await this.#send('/api/me', { method: 'PATCH', body: { bio: String(number) } })
    if (answer.status === 200) this.acknowledged = number
    else this.refusals.push(`${answer.status} ${answer.text.slice(0, 200)}`)
    return answer.status === 200
  }

  /** The number that the house remembers; undefined: it did not answer. */
  async read(): Promise<{ status: number; number: number }> {
    const { status, text } = await this.#send('/api/me', {})
    const { user } = status === 200 ? (JSON.parse(text) as { user: { bio: string } | null }) : { user: null }
    return { status: status === 200 && user === null ? 401 : status, number: Number(user?.bio) }
  }

  /** Opens the socket at the front, and waits for its welcome. */
  async listen(): Promise<void> {
    const { connectSocket } = await import('#server/testing/socket-client.ts')
    using socket = await connectSocket(Number(new URL(this.#url).port), { as: this.#token })
    await socket.next('socket.welcome')
  }

  #send(path: string, request: Request): Promise<Reply> {
    return send(this.#url, path, { ...request, token: this.#token })
  }
}

type Request = { method?: string; body?: object; token?: string }
type Reply = { status: number; text: string }

async function send(url: string, path: string, { method = 'GET', body, token }: Request): Promise<Reply> {
  try {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(9000),
    })
    return { status: answer.status, text: await answer.text() }
  } catch (error) {
    return { status: 0, text: String(error) }
  }
}
