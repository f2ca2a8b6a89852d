import { admins, type Entries, everybody, people } from '../entry.ts'

/** What the frame answers by itself. */
export const houseEntries: Entries = {
  'GET /health': { answers: everybody(200) },
  'GET /ready': { answers: everybody(200) },
  // From elsewhere than the machine itself there is no such page.
  'GET /metrics': { answers: everybody(404) },
  'GET /admin/process/metrics': { answers: admins(200) },
  'GET /admin/process/ready': { answers: admins(200) },
  'POST /admin/profile/cpu': { answers: admins(200), send: () => ({ query: 'seconds=1' }), isSlow: true },
  'POST /admin/profile/heap': { answers: { ...people(403), owner: 200 }, isEndless: true, isSlow: true },
  'GET /openapi.json': { answers: everybody(200) },
  'GET /docs': { answers: everybody(200) },
  'GET /docs.css': { answers: everybody(200) },
}
