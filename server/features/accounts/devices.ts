import type { AccountParts } from './parts.ts'

/** So many are remembered: who comes from elsewhere each time hears of it each time. */
const mostKnown = 30

type Entered = { accountId: string; known: readonly string[]; sessionId: string; name: string }

/**
 * What is committed with a session: the device is remembered, and one that is new is told to its person, wherever else they are. The first is no news.
 */
export function createDevices({ store, tellOfDevice }: Pick<AccountParts, 'store' | 'tellOfDevice'>) {
  return ({ accountId, known, sessionId, name }: Entered) => {
    if (known[0] === name) return []
    const remembered = store.rememberDevices(accountId, [name, ...known.filter((one) => one !== name)].slice(0, mostKnown))
    if (known.length === 0 || known.includes(name)) return [remembered]
    const { kind, payload } = tellOfDevice({ accountId, sessionId, name })
    return [remembered, store.owe(kind, payload)]
  }
}
