import type { TSchema } from 'typebox'
import type { Message, Topic } from '#shared/messages/message.ts'
import type { Receiver, SocketDoor, TopicPolicy } from './door.ts'

export type Catalogue = {
  receivers: ReadonlyMap<string, { receiver: Receiver; area: string }>
  policies: ReadonlyMap<string, TopicPolicy>
  doors: readonly SocketDoor[]
}

export type Areas = Readonly<Record<string, Readonly<Record<string, Message | Topic>>>>

/** Puts the doors together, and refuses what a stranger could not read in the catalogue or what has no written bound. */
export function createCatalogue(doors: readonly SocketDoor[], known: Areas): Catalogue {
  const receivers = new Map<string, { receiver: Receiver; area: string }>()
  const policies = new Map<string, TopicPolicy>()
  const sent = new Set<string>()
  const complaints: string[] = []
  const declared = new Set<unknown>(Object.values(known).flatMap((area) => Object.values(area)))
  for (const { area, receives, sends, topics } of doors) {
    for (const receiver of receives) {
      const { kind } = receiver.message
      if (receivers.has(kind)) complaints.push(`${kind} is received by two doors`)
      receivers.set(kind, { receiver, area })
    }
    for (const policy of topics) {
      if (policies.has(policy.topic.topic)) complaints.push(`topic ${policy.topic.topic} is opened by two doors`)
      policies.set(policy.topic.topic, policy)
    }
    for (const { kind } of sends) {
      if (sent.has(kind)) complaints.push(`${kind} is sent by two doors`)
      sent.add(kind)
    }
    for (const message of [...receives.map((receiver) => receiver.message), ...sends]) {
      if (!declared.has(message)) complaints.push(`${message.kind} does not stand in shared/messages/catalogue.ts`)
      if (!message.kind.startsWith(`${area}.`)) complaints.push(`${message.kind} is not of the area ${area}`)
      complaints.push(...complaintsAbout(message))
    }
    for (const { topic } of topics)
      if (!declared.has(topic)) complaints.push(`topic ${topic.topic} does not stand in shared/messages/catalogue.ts`)
  }
  if (complaints.length > 0) throw new TypeError(`The catalogue of messages is wrong:\n${complaints.join('\n')}`)
  return { receivers, policies, doors }
}

function complaintsAbout(message: Message): string[] {
  const shape = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/.test(message.kind)
    ? []
    : [`${message.kind} is no name for a message: area.what-happens`]
  const answer = message.from === 'client' ? looseEnds(message.answer, `${message.kind} answer`, false) : []
  return [...shape, ...looseEnds(message.body, message.kind, message.from === 'client'), ...answer]
}

/** Objects that take any field, and, in what clients send, texts and lists without an end. */
function looseEnds(schema: TSchema, path: string, mustEnd: boolean): string[] {
  const { type, properties, items, anyOf, additionalProperties, maxLength, maxItems } = schema as Loose
  const here: string[] = []
  if (type === 'object' && additionalProperties !== false) here.push(`${path} takes fields that the catalogue does not name`)
  if (mustEnd && type === 'string' && maxLength === undefined && !('const' in schema) && !('enum' in schema))
    here.push(`${path} may be of any length`)
  if (mustEnd && type === 'array' && maxItems === undefined) here.push(`${path} may have any number of items`)
  const below = [
    ...Object.entries(properties ?? {}).map(([name, below]): [string, TSchema] => [`${path}.${name}`, below]),
    ...[items ?? []].flat().map((below): [string, TSchema] => [`${path}[]`, below]),
    ...(anyOf ?? []).map((below): [string, TSchema] => [path, below]),
  ]
  return [...here, ...below.flatMap(([name, below]) => looseEnds(below, name, mustEnd))]
}

type Loose = {
  type?: string
  properties?: Record<string, TSchema>
  items?: TSchema | TSchema[]
  anyOf?: TSchema[]
  additionalProperties?: unknown
  maxLength?: number
  maxItems?: number
}
