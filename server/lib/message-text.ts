import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { ServerMessage } from '#shared/messages/message.ts'

const validators = new WeakMap<TSchema, Validator>()

/** Compiled when it is first used, so that a start does not pay for messages that nobody sends. */
export function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema)
  if (known) return known
  const made = Compile(schema)
  validators.set(schema, made)
  return made
}

/** What goes out and is not what the catalogue says is our bug: it is thrown at whoever sends it and reaches nobody. */
export class OutOfCatalogue extends TypeError {
  constructor(kind: string, schema: TSchema, body: unknown) {
    const [first] = validatorOf(schema).Errors(body)
    super(`${kind} does not fit the catalogue: ${first ? `${first.instancePath || '/'} ${first.message}` : 'it cannot be told'}`)
    this.name = 'OutOfCatalogue'
  }
}

/** `{"t":kind,"d":body}`, and `"n"` for an entry of a log. Only fields that the catalogue names can be in it. */
export function toMessageText<B extends TSchema>(message: ServerMessage<string, B>, body: Static<B>): string {
  return messageText(message.kind, toBodyText(message, body))
}

export function toBodyText<B extends TSchema>(message: ServerMessage<string, B>, body: Static<B>): string {
  if (!validatorOf(message.body).Check(body)) throw new OutOfCatalogue(message.kind, message.body, body)
  return JSON.stringify(body)
}

export function messageText(kind: string, bodyText: string, n?: number): string {
  return n === undefined ? `{"t":"${kind}","d":${bodyText}}` : `{"t":"${kind}","d":${bodyText},"n":${n}}`
}
