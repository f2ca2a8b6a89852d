import { Type } from 'typebox'
import { exact, fromServer } from './message.ts'

export const uploadGrew = fromServer({
  kind: 'upload.grew',
  summary: 'To whose upload it is, on all devices: how many bytes of it are held, about once a second.',
  body: exact({
    taskId: Type.Integer(),
    videoId: Type.String(),
    state: Type.Enum(['open', 'paused', 'verifying', 'verified', 'stored', 'cancelled']),
    heldBytes: Type.Integer(),
    fileBytes: Type.Integer(),
  }),
  delivery: 'latest',
})
