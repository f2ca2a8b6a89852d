import { type Entries, people } from '../entry.ts'

export const noticeEntries: Entries = {
  'GET /me/export': { answers: people(200) },
  'GET /notices': { answers: people(200) },
  'GET /notices/unread': { answers: people(200) },
  'PUT /notices/read': { answers: people(200), send: () => ({ body: { upTo: '0'.repeat(20) } }) },
  'GET /notices/choices': { answers: people(200) },
  'PUT /notices/choices': { answers: people(200), send: () => ({ body: { kind: 'mention', inApp: true, byMail: false } }) },
}
