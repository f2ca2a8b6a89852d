import { fillPath } from '#server/http/matrix.ts'
import type { Injected, Injection } from '#server/http/inject.ts'
import type { Route } from '#server/http/route.ts'
import { entries, nameOf } from './entries.ts'
import type { Entry, Sent } from './entry.ts'
import { isUnsafe, placesOf } from './knock.ts'
import type { Kind, Stage } from './stage.ts'

export type Door = { route: Route; name: string; place: string; entry: Entry }

/** Every route that answers in a moment, with the first of its things. */
export function doorsOf(stage: Stage): Door[] {
  return stage.matinee.routes.flatMap((route) => {
    const name = nameOf(route)
    const entry = [entries[name] ?? []].flat()[0]
    const [place = ''] = placesOf(route)
    return entry && !entry.isSlow && !entry.isEndless ? [{ route, name, place, entry }] : []
  })
}

export type Ready = { door: Door; sent: Sent; call: Injection & { headers: Record<string, string> } }

/** A call as somebody who may, with everything that the door needs: to be sent as it is, or bent. Pages are for browsers, so a cookie is shown to them. */
export async function readyCall(stage: Stage, door: Door, kind: Kind): Promise<Ready> {
  const { route, entry, place } = door
  const somebody = stage.people[kind]
  // What was made ready for the call before may lie about changed, whether it was sent or not.
  stage.wasDone()
  const sent = (await entry.send?.(stage, { kind, somebody })) ?? {}
  const token = (somebody && (sent.as ?? somebody))?.token
  const shown = token === undefined ? {} : route.page ? { cookie: `matinee=${token}` } : { authorization: `Bearer ${token}` }
  const origin = isUnsafe(route) && route.page ? { origin: 'http://localhost' } : {}
  const call = {
    method: route.method,
    path: fillPath(place, sent.params) + (sent.query ? `?${sent.query}` : ''),
    headers: { ...sent.headers, ...origin, ...shown },
    ...(sent.body === undefined ? {} : { body: sent.body }),
  }
  return { door, sent, call }
}

/** Sends it, and notes what it changed about its viewer. */
export async function send(stage: Stage, { sent }: Ready, call: Injection): Promise<Injected> {
  const answer = await stage.call(call)
  sent.after?.(answer)
  return answer
}

/** Who is let in to it, as far as the stage has somebody. */
export function letIn({ entry }: Door): Kind {
  const order: readonly Kind[] = ['keeper', 'owner', 'member', 'stranger']
  return order.find((kind) => entry.answers[kind] < 300) ?? order.find((kind) => entry.answers[kind] !== 401) ?? 'owner'
}
