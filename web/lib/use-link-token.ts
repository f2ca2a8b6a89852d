import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/**
 * The secret of a link that works once. It stands behind the #, so that it reaches no server's log and no other site; without script
 * nobody can read it there, and the page asks for it.
 */
export function useLinkToken(): string {
  return useSyncExternalStore(
    never,
    () => location.hash.slice(1),
    () => '',
  )
}
