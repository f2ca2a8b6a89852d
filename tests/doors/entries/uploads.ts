import { type Entries, everybody, people } from '../entry.ts'

/** These doors know no people: a business server shows its token, and an uploader the signature in its addresses. */
const refused = { answers: everybody(200), says: /"retCode":"[1-9]/ }

const tus = { 'tus-resumable': '1.0.0' }

export const uploadEntries: Entries = {
  'POST /upload/new/task': { ...refused, send: () => ({ body: { token: 'a guess', fileName: 'a.mp4', fileSize: 1 } }) },
  'POST /upload/files/block': { ...refused, send: () => ({ query: 'taskId=1&s=guess' }) },
  'POST /upload/files/state': { ...refused, send: () => ({ query: 'taskId=1&s=guess', body: { status: 'pause' } }) },
  'GET /upload/files/blocks/info': { ...refused, send: () => ({ query: 'taskId=1&s=guess' }) },
  'POST /upload/:vid': { answers: people(404), send: () => ({ params: { vid: 'nothing' }, body: 'no form' }) },
  'GET /testpage': { answers: everybody(200) },
  'OPTIONS /tus': { answers: everybody(204) },
  'OPTIONS /tus/:upload': { answers: everybody(204), send: () => ({ params: { upload: '1.guess' } }) },
  'POST /tus': { answers: people(201), send: () => ({ headers: { ...tus, 'upload-length': '1' } }) },
  'HEAD /tus/:upload': { answers: everybody(404), send: () => ({ params: { upload: '1.guess' }, headers: tus }) },
  'PATCH /tus/:upload': { answers: everybody(404), send: () => ({ params: { upload: '1.guess' }, headers: tus, body: 'bytes' }) },
  'DELETE /tus/:upload': { answers: everybody(404), send: () => ({ params: { upload: '1.guess' }, headers: tus }) },
  'POST /tus/:upload': {
    answers: everybody(404),
    send: () => ({ params: { upload: '1.guess' }, headers: { ...tus, 'x-http-method-override': 'DELETE' } }),
  },
  'POST /upload/tasks': { ...refused, send: () => ({ body: { token: 'a guess' } }) },
  'POST /upload/tasks/again': { ...refused, send: () => ({ body: { token: 'a guess', taskId: 1 } }) },
  'GET /upload/tasks': { answers: everybody(200) },
  'POST /uploads/:taskId/known': { answers: people(404), send: () => ({ params: { taskId: '1' }, body: { fileMd5: '0'.repeat(32) } }) },
  'POST /uploads/:taskId/proof': {
    answers: people(404),
    send: () => ({ params: { taskId: '1' }, body: { challenge: 'a guess', sha256: '0'.repeat(64) } }),
  },
  'GET /uploads': { answers: people(200) },
  'POST /uploads': { answers: people(201), send: () => ({ body: { fileName: 'a.mp4', fileSize: 1 } }) },
}
