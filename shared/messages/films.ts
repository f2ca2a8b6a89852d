import { Type } from 'typebox'
import { exact, fromServer, topic } from './message.ts'

const Id = Type.String()

/** Whoever has the page of a film open; how many they are comes as presence (`count`). */
export const video = topic('video', 'What happens around one film while one looks at it.')

export const danmakuFlew = fromServer({
  kind: 'video.danmaku',
  summary: 'Somebody sent a danmaku.',
  body: exact({
    id: Id,
    atMs: Type.Integer(),
    text: Type.String(),
    mode: Type.String(),
    color: Type.String(),
    size: Type.String(),
    likes: Type.Integer(),
    count: Type.Integer(),
    by: Type.String(),
  }),
})

export const danmakuGone = fromServer({ kind: 'video.danmaku-gone', summary: 'A danmaku was taken back.', body: exact({ id: Id }) })

export const commented = fromServer({
  kind: 'video.commented',
  summary: 'There is something new below the film.',
  body: exact({ total: Type.Integer() }),
  delivery: 'latest',
})

export const grew = fromServer({
  kind: 'video.grew',
  summary: 'To the owner: how far a film has come.',
  body: exact({
    id: Id,
    state: Type.String(),
    cellsDone: Type.Integer(),
    cellsPlanned: Type.Integer(),
    secondsLeft: Type.Union([Type.Integer(), Type.Null()]),
  }),
  delivery: 'latest',
})
