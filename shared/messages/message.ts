import { type Static, type TProperties, type TSchema, Type } from 'typebox'

/**
 * How a message of the server travels:
 * `live` reaches whoever listens at that moment; `latest` also, but of several with one key only the newest counts, so that a slow line
 * drops the older ones (positions, typing, counters); `logged` is an entry of a person's log: numbered, kept, delivered after any break.
 */
export type Delivery = 'live' | 'latest' | 'logged'

export type ServerMessage<K extends string = string, B extends TSchema = TSchema, D extends Delivery = Delivery> = {
  readonly from: 'server'
  readonly kind: K
  readonly summary: string
  readonly body: B
  readonly delivery: D
}

/** `repeatable`: may be sent again until it is answered, because its body carries the key that makes a second time harmless. */
export type ClientMessage<
  K extends string = string,
  B extends TSchema = TSchema,
  A extends TSchema = TSchema,
  R extends boolean = boolean,
> = {
  readonly from: 'client'
  readonly kind: K
  readonly summary: string
  readonly body: B
  readonly answer: A
  readonly repeatable: R
}

export type Message = ServerMessage | ClientMessage

/** What one subscribes to: `name:id`. */
export type Topic<N extends string = string> = { readonly topic: N; readonly summary: string }

export type BodyOf<M extends Message> = Static<M['body']>
export type AnswerOf<M extends ClientMessage> = Static<M['answer']>

export function fromServer<const K extends string, B extends TSchema, const D extends Delivery = 'live'>(declaration: {
  kind: K
  summary: string
  body: B
  delivery?: D
}): ServerMessage<K, B, D> {
  return { from: 'server', delivery: 'live' as D, ...declaration }
}

export function fromClient<
  const K extends string,
  B extends TSchema,
  A extends TSchema = typeof nothing,
  const R extends boolean = false,
>(declaration: { kind: K; summary: string; body: B; answer?: A; repeatable?: R }): ClientMessage<K, B, A, R> {
  return { from: 'client', answer: nothing as unknown as A, repeatable: false as R, ...declaration }
}

export function topic<const N extends string>(name: N, summary: string): Topic<N> {
  return { topic: name, summary }
}

/** An object with these fields and no others: what is relayed can carry nothing that the catalogue does not name. */
export function exact<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false })
}

export const nothing = exact({})
