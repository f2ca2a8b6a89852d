import type { AnswerOf, BodyOf, Message } from './message.ts'
import * as video from './films.ts'
import * as notice from './notices.ts'
import * as socket from './socket.ts'
import * as upload from './uploads.ts'

/** Every message between browser and server, by area. A message that stands in no area cannot be sent. */
export const areas = { socket, video, notice, upload } as const

type Areas = typeof areas
type Declared = { [A in keyof Areas]: Extract<Areas[A][keyof Areas[A]], Message> }[keyof Areas]
type FromServer = Extract<Declared, { from: 'server' }>
type FromClient = Extract<Declared, { from: 'client' }>

export type ServerKind = FromServer['kind']
export type ClientKind = FromClient['kind']
export type RepeatableKind = Extract<FromClient, { repeatable: true }>['kind']

export type ServerBody<K extends ServerKind> = BodyOf<Extract<FromServer, { kind: K }>>
export type ClientBody<K extends ClientKind> = BodyOf<Extract<FromClient, { kind: K }>>
export type ClientAnswer<K extends ClientKind> = AnswerOf<Extract<FromClient, { kind: K }>>
