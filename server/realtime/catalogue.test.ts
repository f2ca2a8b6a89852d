import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { clubAreas, clubDoor, said } from '#server/testing/club-messages.ts'
import { exact, fromClient, fromServer, topic } from '#shared/messages/message.ts'
import { createCatalogue } from './catalogue.ts'
import { describeCatalogue } from './describe.ts'
import { openTopic, receive, type SocketDoor } from './door.ts'

const door = (area: string, parts: Partial<SocketDoor>): SocketDoor => ({ area, sends: [], receives: [], topics: [], ...parts })
const complaints = (area: string, parts: Partial<SocketDoor>, known: object = {}) => {
  try {
    createCatalogue([clubDoor(), door(area, parts)], { ...clubAreas, [area]: known } as never)
    return ''
  } catch (error) {
    return String((error as Error).message)
  }
}
const limit = { count: 1, periodMs: 1000 }
const taking = (message: ReturnType<typeof fromClient>) =>
  receive(message as never, { access: 'anyone', limit, handle: async () => ({}) as never })

describe('the catalogue refuses', () => {
  test('a message that does not stand in shared/messages', () => {
    const stray = fromServer({ kind: 'x.stray', summary: '', body: exact({}) })
    expect(complaints('x', { sends: [stray] })).toContain('x.stray does not stand in shared/messages/catalogue.ts')
    expect(complaints('x', { sends: [stray] }, { stray })).toBe('')
  })

  test('a message of another area, and a name that is none', () => {
    const wrong = fromServer({ kind: 'y.wrong', summary: '', body: exact({}) })
    expect(complaints('x', { sends: [wrong] }, { wrong })).toContain('y.wrong is not of the area x')
    const loud = fromServer({ kind: 'x.LOUD', summary: '', body: exact({}) })
    expect(complaints('x', { sends: [loud] }, { loud })).toContain('x.LOUD is no name for a message')
  })

  test('what two doors send, receive or open', () => {
    expect(complaints('club', { sends: [said] }, clubAreas.club)).toContain('club.said is sent by two doors')
    const asked = fromClient({ kind: 'club.ask', summary: '', body: exact({}) })
    expect(complaints('club', { receives: [taking(asked as never)] }, clubAreas.club)).toContain('club.ask is received by two doors')
    const room = openTopic({ topic: topic('club', ''), access: 'anyone', mayEnter: async () => true })
    expect(complaints('club', { topics: [room] }, clubAreas.club)).toContain('topic club is opened by two doors')
  })

  test.each([
    ['an object that takes any field', exact({ who: Type.Object({}) }), 'x.sent.who takes fields'],
    ['such an object in a list', exact({ all: Type.Array(Type.Object({}), { maxItems: 3 }) }), 'x.sent.all[] takes fields'],
    ['such an object in a choice', exact({ one: Type.Union([Type.Null(), Type.Object({})]) }), 'x.sent.one takes fields'],
    ['a text without an end', exact({ text: Type.String() }), 'x.sent.text may be of any length'],
    ['a list without an end', exact({ all: Type.Array(Type.Integer()) }), 'x.sent.all may have any number'],
  ])('%s', (_, body, complaint) => {
    const sent = fromClient({ kind: 'x.sent', summary: '', body })
    expect(complaints('x', { receives: [taking(sent as never)] }, { sent })).toContain(complaint)
  })
})

test('as a document it names every message with its schema, who may send it and how often', () => {
  const document = describeCatalogue(createCatalogue([clubDoor()], clubAreas))
  expect(document.messages.find(({ kind }) => kind === 'club.govern')).toMatchObject({
    from: 'client',
    access: { role: 'moderator' },
    limit: { count: 100 },
    body: { type: 'object', additionalProperties: false },
  })
  expect(document.messages.find(({ kind }) => kind === 'club.noted')).toMatchObject({ from: 'server', delivery: 'logged' })
  expect(document.topics).toContainEqual(expect.objectContaining({ name: 'club-hall:{id}', presence: 'people' }))
  expect(JSON.parse(JSON.stringify(document))).toEqual(document)
})
