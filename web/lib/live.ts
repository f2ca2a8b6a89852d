import { useEffect, useEffectEvent } from 'react'
import type { ServerBody, ServerKind } from '#shared/messages/catalogue.ts'
import type { LiveSocket } from './socket.ts'

let line: LiveSocket | undefined
const watchers = new Set<() => void>()

/** The one line of the document, once there is one; another after the session was renewed. */
export function setLive(next: LiveSocket): void {
  line = next
  for (const changed of [...watchers]) changed()
}

/** Hears messages of a kind for as long as the component stands. Hints: whoever needs the truth reads it, too. */
export function useLive<K extends ServerKind>(kind: K, told: (body: ServerBody<K>) => void): void {
  const heard = useEffectEvent(told)
  useEffect(() => {
    let leave: (() => void) | undefined
    const listen = () => {
      leave?.()
      leave = line?.on(kind, (body) => heard(body))
    }
    listen()
    watchers.add(listen)
    return () => {
      watchers.delete(listen)
      leave?.()
    }
  }, [kind])
}

/** Hears what is published on a topic for as long as the component stands. */
export function useTopic(topic: string): void {
  useEffect(() => {
    let leave: (() => void) | undefined
    const enter = () => {
      leave?.()
      const entered = line?.enter(topic)
      // Where the house lets nobody in, there is nothing to hear, and the page stands without.
      entered?.entered.catch(() => undefined)
      leave = entered?.leave
    }
    enter()
    watchers.add(enter)
    return () => {
      watchers.delete(enter)
      leave?.()
    }
  }, [topic])
}
