import { type Entries, everybody } from '../entry.ts'

/** These doors know no people: a business server shows its token, and an uploader the signature in its addresses. */
export const uploadEntries: Entries = {
  'POST /upload/new/task': { answers: everybody(401), send: () => ({ body: { token: 'a guess', fileName: 'a.mp4', fileSize: 1 } }) },
  'POST /upload/files/block': { answers: everybody(403), send: () => ({ query: 'taskId=1&s=guess' }) },
  'POST /upload/files/state': { answers: everybody(403), send: () => ({ query: 'taskId=1&s=guess', body: { status: 'pause' } }) },
  'GET /upload/files/blocks/info': { answers: everybody(403), send: () => ({ query: 'taskId=1&s=guess' }) },
}
