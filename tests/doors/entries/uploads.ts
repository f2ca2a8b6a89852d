import { type Entries, everybody, people } from '../entry.ts'

/** These doors know no people: a business server shows its token, and an uploader the signature in its addresses. */
const refused = { answers: everybody(200), says: /"retCode":"[1-9]/ }

export const uploadEntries: Entries = {
  'POST /upload/new/task': { ...refused, send: () => ({ body: { token: 'a guess', fileName: 'a.mp4', fileSize: 1 } }) },
  'POST /upload/files/block': { ...refused, send: () => ({ query: 'taskId=1&s=guess' }) },
  'POST /upload/files/state': { ...refused, send: () => ({ query: 'taskId=1&s=guess', body: { status: 'pause' } }) },
  'GET /upload/files/blocks/info': { ...refused, send: () => ({ query: 'taskId=1&s=guess' }) },
  'POST /upload/:vid': { answers: people(404), send: () => ({ params: { vid: 'nothing' }, body: 'no form' }) },
  'GET /testpage': { answers: everybody(200) },
  'POST /uploads': { answers: people(201), send: () => ({ body: { fileName: 'a.mp4', fileSize: 1 } }) },
}
