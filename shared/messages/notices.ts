import { Type } from 'typebox'
import { exact, fromServer } from './message.ts'

export const noticed = fromServer({
  kind: 'notice.added',
  summary: 'There is a new notice: ask for it by its id.',
  body: exact({ id: Type.String(), kind: Type.String(), unread: Type.Integer() }),
  delivery: 'logged',
})

export const read = fromServer({
  kind: 'notice.read',
  summary: 'Notices were read, on whichever device.',
  body: exact({ upTo: Type.String(), unread: Type.Integer() }),
  delivery: 'logged',
})
