import { browserEnvironment, type Environment } from '#web/lib/socket/environment.ts'
import { LiveSocket } from '#web/lib/socket.ts'

export type LiveClient = Disposable & {
  readonly socket: LiveSocket
  /** The numbers that were shown of the log, in the order of showing. */
  readonly shown: number[]
  readonly resets: number
}

/** The page's own client, in Node: signed in by name (see HousePeople), without a cookie. */
export function openLiveClient(origin: () => string, name: string, environment: Partial<Environment> = {}): LiveClient {
  const own = { ...browserEnvironment(), ...environment }
  const ticket = async () => {
    const answer = await own.fetch(`${origin()}/api/socket-tickets`, { method: 'POST', headers: { authorization: `Bearer ${name}` } })
    return ((await answer.json()) as { ticket: string }).ticket
  }
  const socket = new LiveSocket({ origin: origin(), bearer: name, ticket, environment: { ...own, ...environment } })
  const shown: number[] = []
  let resets = 0
  // Messages of tests are not in the catalogue that the page knows by its types.
  const on = socket.on.bind(socket) as unknown as (kind: string, told: (body: { what: number }) => void) => void
  on('club.noted', ({ what }) => shown.push(what))
  socket.onReset(() => {
    resets++
  })
  return {
    socket,
    shown,
    get resets() {
      return resets
    },
    [Symbol.dispose]: () => socket.close(),
  }
}
