import type { MeAnswer } from '#shared/api/accounts.ts'
import type { Api } from '#web/lib/api.ts'
import { me } from '#web/lib/house.ts'
import { setLive } from '#web/lib/live.ts'
import type { Renewal } from '#web/lib/renewal.ts'
import type { LiveSocket } from '#web/lib/socket.ts'
import { whenIdle } from './idle.ts'

export type LiveParts = { api: Api; hasPerson(): boolean; renewal: Pick<Renewal, 'ask' | 'hasLeft'> }

/**
 * The page's one line to the house, for who is signed in; loaded when the page stands. It hears at once when the session is ended from
 * elsewhere, and then the page asks, instead of failing at the next press of a button.
 */
export function openLiveLine({ api, hasPerson, renewal }: LiveParts): void {
  if (hasPerson()) whenIdle(() => void open().catch(() => undefined))

  async function open(): Promise<void> {
    const { LiveSocket: Socket } = await import('#web/lib/socket.ts')
    const socket: LiveSocket = new Socket({ language: document.documentElement.lang })
    setLive(socket)
    socket.onState(() => {
      if (socket.state === 'ended') void ended().catch(() => undefined)
    })
  }

  /**
   * The line also ends for other reasons: whether the session is over is asked of the API, which itself asks to renew one that is. Only a page
   * that ended it knows already, often before its own answer has come: its cookie stands until then, and would be refused.
   */
  async function ended(): Promise<void> {
    if (await renewal.hasLeft()) return
    const { user } = await api.get<MeAnswer>(me.path)
    if (user || (await renewal.ask())) await open()
  }
}
