import type { Role, Viewer } from '#server/lib/viewer.ts'
import type { Limit } from '#server/ports/limiter.ts'
import type { AnswerOf, BodyOf, ClientMessage, ServerMessage, Topic } from '#shared/messages/message.ts'

/**
 * Who may send it at all. What they may do to a particular thing is the service's question to `may(viewer, action, thing)`: then the
 * message names the action.
 */
export type Access = 'anyone' | 'person' | { role: Role } | { action: string }

export type SocketCall<B> = {
  body: B
  viewer: Viewer
  /** One line of one tab; two tabs of a person are two. */
  connectionId: string
  /** Aborted when the line is gone. */
  signal: AbortSignal
}

type ReceiverDeclaration<M extends ClientMessage> = {
  access: Access
  /** Per connection. A refusal is a problem of kind `limited`. */
  limit: Limit
  /** Messages of one area and one connection are handled one after the other, in their order. */
  handle(call: SocketCall<BodyOf<M>>): Promise<AnswerOf<M>>
}

// oxlint-disable-next-line typescript/no-explicit-any -- messages of all shapes stand in one table
export type Receiver = ReceiverDeclaration<any> & { message: ClientMessage }

/** Binds a message of the catalogue to the service that answers it. */
export function receive<M extends ClientMessage>(message: M, declaration: ReceiverDeclaration<M>): Receiver {
  return { message, ...declaration }
}

export type TopicPolicy = {
  topic: Topic
  access: Access
  /** Asked at each subscription. Throws a Problem where the reason may be told; `false` is told as "no such topic". */
  mayEnter(viewer: Viewer, id: string): Promise<boolean>
  /** Members are told who else is there (`people`) or how many (`count`). */
  presence?: 'count' | 'people'
}

export function openTopic(policy: TopicPolicy): TopicPolicy {
  return policy
}

/** What a feature has to do with sockets, in its `sockets.ts`: what it receives, what it sends, and to what one may subscribe. */
export type SocketDoor = {
  area: string
  receives: readonly Receiver[]
  sends: readonly ServerMessage[]
  topics: readonly TopicPolicy[]
}
